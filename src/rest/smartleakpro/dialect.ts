import type { Dialect } from '../route.js';
import { french } from '../words.js';
import { auditRoutes } from './audit.js';
import { envelope, ErrorEnvelope } from './envelope.js';

/** contracts/smartleakpro.md, with DECISIONS.md section 2. */
export const smartleakpro: Dialect = {
  name: 'smartleakpro',
  title: 'SmartLeakPro',
  version: '1.0.0',
  prefix: '/api',
  description: "Utilisateurs, clés API et journal d'audit. Le token s'obtient par `POST /auth/login`; les intégrations envoient `X-API-Key`.",
  errorSchema: ErrorEnvelope,
  toError: envelope,
  statusOf: { BAD_USER_INPUT: 422 },
  words: french({
    notFound: { User: 'Utilisateur non trouvé', ApiKey: 'Clé API non trouvée' },
    reasons: {
      bad_credentials: "Nom d'utilisateur ou mot de passe incorrect",
      bad_credential: 'Token invalide ou expiré',
      bad_refresh_token: 'Token de rafraîchissement invalide ou expiré',
      session_needed: "Cette action demande un token d'accès",
    },
  }),
  quotas: ({ credential, apiKeyLimits }) =>
    credential === 'api_key' && apiKeyLimits
      ? [
          { name: 'minute', requests: apiKeyLimits.perMinute, seconds: 60, per: 'credential' },
          { name: 'day', requests: apiKeyLimits.perDay, seconds: 86_400, per: 'credential' },
          { name: 'month', requests: apiKeyLimits.perMonth, seconds: 30 * 86_400, per: 'credential' },
        ]
      : [{ name: 'minute', requests: 100, seconds: 60, per: 'account' }],
  authenticationQuota: { name: 'authentication', requests: 30, seconds: 60, per: 'address' },
  limits: ['100 requêtes/minute par personne ou par adresse', 'Avec une clé API : ses trois limites'],
  securitySchemes: {
    bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
    apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
    apiToken: { type: 'apiKey', in: 'header', name: 'Authorization', description: '`ApiToken <token>`' },
    session: { type: 'apiKey', in: 'cookie', name: 'kdocs_session' },
  },
  routes: [...auditRoutes],
};
