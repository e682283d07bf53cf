import type { Dialect } from '../engine/route.js';
import { french } from '../engine/words.js';
import { authRoutes } from './auth.js';
import { envelope, ErrorEnvelope, notFoundWords } from './envelope.js';
import { eventSocketGuide } from './event-socket-guide.js';
import { type Monitoring, monitoringRoutes } from './monitoring.js';
import { permissionRoutes } from './permissions.js';
import { pluginReasons } from './plugin-reasons.js';
import { pluginRoutes } from './plugins.js';
import { roleRoutes } from './roles.js';
import { taskRoutes } from './tasks.js';
import { userRoutes } from './users.js';

/** contracts/xcore.md, at the root. */
export const xcore = (monitoring: Monitoring): Dialect => ({
  name: 'xcore',
  title: 'xcore',
  version: '1.0.0',
  prefix: '',
  description: [
    "Authentification, administration et surveillance. Le token s'obtient par `POST /auth/login`.",
    eventSocketGuide,
  ].join('\n\n'),
  errorSchema: ErrorEnvelope,
  toError: envelope,
  statusOf: { BAD_USER_INPUT: 422 },
  words: french({
    notFound: notFoundWords,
    reasons: {
      bad_credentials: 'Identifiants incorrects',
      bad_credential: 'Token invalide ou expiré',
      two_factor_required: 'Code de double authentification requis, erroné ou déjà utilisé',
      registration_closed: "L'inscription est fermée",
      'role.system': 'Ce rôle système ne peut être ni supprimé, ni renommé, ni restreint',
      'role.assigned': 'Cet utilisateur porte déjà ce rôle',
      'role.above': 'Ce rôle permet plus que vous ne pouvez',
      'permission.granted': 'Ce rôle a déjà cette permission',
      'permission.system': 'Cette permission du serveur ne peut être ni supprimée, ni renommée',
      'permission.above': 'Cette permission permet plus que vous ne pouvez',
      'user.above': 'Cet utilisateur peut plus que vous',
      'user.last_admin': "C'est le dernier administrateur actif",
      'task.running': "Cette tâche est déjà en cours d'exécution",
      'task.plugin_away': "Le plugin de cette tâche n'est pas actif",
      'task.kept': 'Cette tâche appartient au serveur ou à un plugin : elle peut être suspendue, pas supprimée',
      ...pluginReasons,
      session_needed: "Cette action demande un token d'accès, pas un token d'API",
    },
  }),
  habits: { unknownKeys: 'ignored' },
  quotas: ({ userId, isAdmin }) => [
    userId !== undefined
      ? { name: 'hour', requests: isAdmin ? 10_000 : 1000, seconds: 3600, per: 'account' }
      : { name: 'hour', requests: 100, seconds: 3600, per: 'address' },
  ],
  authenticationQuota: { name: 'authentication', requests: 30, seconds: 60, per: 'address' },
  limits: ['Authentifié : 1000 requêtes/heure', 'Non authentifié : 100 requêtes/heure', 'Admin : 10000 requêtes/heure'],
  securitySchemes: {
    bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
    apiToken: { type: 'apiKey', in: 'header', name: 'Authorization', description: '`ApiToken <token>`' },
    apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
    session: { type: 'apiKey', in: 'cookie', name: 'kdocs_session' },
  },
  tags: {
    auth: 'Inscription, connexion et compte',
    admin: 'Rôles, permissions et utilisateurs',
    system: 'Plugins et tâches en arrière-plan',
    monitoring: 'État du système et métriques',
  },
  sampleValues: {
    name: 'editor',
    description: 'Modifie les contenus',
    resource: 'documents',
    action: 'read',
    skip: 0,
    limit: 20,
    timestamp: '2024-01-15T10:30:00Z',
  },
  routes: [
    ...authRoutes,
    ...roleRoutes,
    ...permissionRoutes,
    ...userRoutes,
    ...pluginRoutes,
    ...taskRoutes,
    ...monitoringRoutes(monitoring),
  ],
});
