import type { Dialect } from '../engine/route.js';
import { french } from '../engine/words.js';
import { apiKeyRoutes } from './api-keys.js';
import { auditRoutes } from './audit.js';
import { authRoutes, testLoginRoute } from './auth.js';
import { envelope, ErrorEnvelope } from './envelope.js';
import { privacyRoutes } from './privacy.js';
import { userRoutes } from './users.js';

export interface SmartleakproOptions {
  /** Whether the server shows a made-up firm. */
  demo: boolean;
}

/** contracts/smartleakpro.md, with DECISIONS.md section 2. */
export const smartleakpro = ({ demo }: SmartleakproOptions): Dialect => ({
  name: 'smartleakpro',
  title: 'SmartLeakPro',
  version: '1.0.0',
  prefix: '/api',
  description:
    "Utilisateurs, clés API et journal d'audit. Le token s'obtient par `POST /auth/login`; " +
    'les intégrations envoient `X-API-Key`.',
  errorSchema: ErrorEnvelope,
  toError: envelope,
  statusOf: { BAD_USER_INPUT: 422 },
  words: french({
    notFound: { User: 'Utilisateur non trouvé', ApiKey: 'Clé API non trouvée' },
    reasons: {
      bad_credentials: 'Identifiants invalides',
      bad_credential: 'Token invalide ou expiré',
      bad_refresh_token: 'Token de rafraîchissement invalide ou expiré',
      session_needed: "Cette action demande un token d'accès",
      two_factor_required: 'Code de double authentification requis, erroné ou déjà utilisé',
      'second_factor.on': 'La double authentification est déjà activée',
      'second_factor.off': "La double authentification n'est pas activée",
      'second_factor.not_set_up': "Préparez d'abord la double authentification",
      scope: 'Les droits de ce token ou de cette clé ne suffisent pas',
      'user.last_admin': "C'est le dernier administrateur actif",
      'user.above': 'Cette personne a plus de droits que vous',
      'user.password_changed': 'Le mot de passe a été changé entre-temps',
      'role.above': 'Ce rôle donne plus de droits que les vôtres',
      'api_key.suspended': 'Seul un administrateur lève une suspension',
    },
  }),
  habits: { looseValues: true, unaccentedEnums: true, unknownKeys: 'ignored' },
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
  tags: {
    auth: 'Connexion et double authentification',
    utilisateurs: 'Utilisateurs',
    'api-keys': 'Clés API des intégrations et leur usage',
    audit: "Journal d'audit",
    rgpd: 'Données personnelles',
  },
  sampleValues: {
    nom_utilisateur: 'c.moreau',
    email: 'claire.moreau@example.com',
    nom: 'Moreau',
    prenom: 'Claire',
    telephone: '+33 6 12 34 56 78',
    role: 'technicien',
    description: 'Intégration de la comptabilité',
    size: 10,
    limite_requetes_par_minute: 100,
    limite_requetes_par_jour: 10_000,
    limite_requetes_par_mois: 100_000,
  },
  routes: [
    ...authRoutes,
    ...(demo ? [testLoginRoute] : []),
    ...userRoutes,
    ...apiKeyRoutes,
    ...auditRoutes,
    ...privacyRoutes,
  ],
});
