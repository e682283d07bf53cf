import type { Dialect } from '../engine/route.js';
import { french } from '../engine/words.js';
import { apiKeyRoutes } from './api-keys.js';
import { auditRoutes } from './audit.js';
import { authRoutes, testLoginRoute } from './auth.js';
import { calendarRoutes } from './calendar.js';
import { clientRoutes } from './clients.js';
import { envelope, ErrorEnvelope } from './envelope.js';
import { integrationRoutes } from './integrations.js';
import { interventionRoutes, wordsOfTransition } from './interventions.js';
import { mediaRoutes } from './medias.js';
import { monitoringRoutes } from './monitoring.js';
import { onSiteRoutes } from './on-site.js';
import { backwardsSentence, overlapSentence, planningRoutes } from './planning.js';
import { privacyRoutes } from './privacy.js';
import { reportRoutes, wordsOfReportMove } from './rapports.js';
import { userRoutes } from './users.js';
import { type VisitPagesOptions, visitRoutes, visitsPrefix } from './visits.js';
import { webhookEvents } from './webhook-events.js';
import { webhookExecutionRoutes } from './webhook-executions.js';
import { webhookRoutes } from './webhooks.js';

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
    'Clients, interventions, planning, rapports, médias, webhooks, intégrations, utilisateurs, clés API et ' +
    "journal d'audit. Le token s'obtient par `POST /auth/login`; " +
    'les intégrations envoient `X-API-Key`.',
  errorSchema: ErrorEnvelope,
  toError: envelope,
  statusOf: {
    BAD_USER_INPUT: 422,
    'intervention.transition': 400,
    'intervention.kept': 400,
    'appointment.ends_before_start': 400,
    'appointment.kept': 400,
    'report.kept': 400,
    'report.transition': 400,
  },
  words: french({
    notFound: {
      User: 'Utilisateur non trouvé',
      ApiKey: 'Clé API non trouvée',
      Client: 'Client non trouvé',
      Intervention: 'Intervention non trouvée',
      Signature: 'Signature non trouvée',
      Appointment: 'Rendez-vous non trouvé',
      CalendarFeed: 'Calendrier non trouvé',
      CustomerLink: 'Lien introuvable ou expiré',
      Medium: 'Média non trouvé',
      MediumThumbnail: 'Ce média n’a pas de vignette',
      Report: 'Rapport non trouvé',
      Integration: 'Intégration non trouvée',
      WebhookEndpoint: 'Webhook non trouvé',
      WebhookDelivery: 'Exécution non trouvée',
      Alert: 'Alerte non trouvée',
      ReportFile: 'Fichier du rapport non trouvé',
    },
    reasons: {
      bad_credentials: 'Identifiants invalides',
      bad_credential: 'Token invalide ou expiré',
      bad_refresh_token: 'Token de rafraîchissement invalide ou expiré',
      session_needed: "Cette action demande un token d'accès",
      two_factor_required: 'Code de double authentification requis, erroné ou déjà utilisé',
      'second_factor.on': 'La double authentification est déjà activée',
      'second_factor.off': "La double authentification n'est pas activée",
      'second_factor.not_set_up': "Préparez d'abord la double authentification",
      duplicate: 'Cette valeur existe déjà',
      'client.anonymized': 'Ce client a été anonymisé',
      'appointment.overlap': ({ count }) => overlapSentence(count),
      'appointment.ends_before_start': backwardsSentence,
      'appointment.kept': 'Un rendez-vous confirmé ou terminé ne se supprime pas : annulez-le',
      'appointment.over': 'Ce rendez-vous est passé, annulé ou terminé',
      'calendar.too_many': 'Trop d’événements : demandez une période plus courte',
      stale_version: 'Modifié entre-temps : comparez avec `current`',
      id_taken: 'Cet identifiant est déjà pris',
      scope: 'Les droits de ce token ou de cette clé ne suffisent pas',
      'user.last_admin': "C'est le dernier administrateur actif",
      'user.above': 'Cette personne a plus de droits que vous',
      'user.password_changed': 'Le mot de passe a été changé entre-temps',
      'role.above': 'Ce rôle donne plus de droits que les vôtres',
      'intervention.transition': wordsOfTransition,
      'intervention.kept': 'Une intervention en cours ou validée ne peut pas être supprimée',
      'media.link_ended': 'Ce lien a expiré : relisez le média',
      bad_signature: 'Signature invalide',
      'webhook.inactive': 'Ce webhook est désactivé',
      'webhook.replay_running': 'Un renvoi est déjà en cours pour ce webhook',
      'webhook.unreadable': 'Cet événement ne peut plus être envoyé',
      'report.kept': 'Un rapport validé ou archivé ne peut être ni modifié ni supprimé',
      'report.transition': wordsOfReportMove,
      'report.in_progress': 'Le fichier du rapport est en cours de génération',
      'report.too_many_rows': ({ limit }) => `Plus de ${String(limit)} rapports : affinez les filtres`,
      'api_key.suspended': 'Seul un administrateur lève une suspension',
      'integration.not_own': 'Seul son auteur change la configuration de cette intégration',
      'integration.unavailable': "Ce type d'intégration n'est pas encore disponible",
      'integration.inactive': "L'intégration est désactivée",
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
    planning: 'Rendez-vous et calendrier',
    utilisateurs: 'Utilisateurs',
    clients: 'Clients',
    interventions: 'Interventions chez les clients',
    'api-keys': 'Clés API des intégrations et leur usage',
    medias: 'Photos, vidéos, enregistrements et documents des interventions',
    webhooks:
      'Adresses qui reçoivent par POST les événements documentés, `{type, timestamp, data, resource_id}` : au moins ' +
      'une fois, dans l’ordre pour un même objet, tel que son propriétaire peut le lire. Toute réponse 2xx vaut ' +
      'réception ; sinon nouvelles tentatives après 5 s, 5 min, 30 min, 2 h, 5 h, 10 h et 10 h, après ' +
      '`delai_entre_tentatives`, ou après `Retry-After`. `X-Webhook-Signature` est `sha256=` et l’HMAC-SHA256 ' +
      'hexadécimal du corps exact, avec le texte du secret pour clé ; `webhook-id`, `webhook-timestamp` et ' +
      '`webhook-signature` sont ceux de Standard Webhooks. Un 410 ou cinq jours d’échecs désactivent le webhook.',
    rapports: 'Rapports remis aux clients',
    audit: "Journal d'audit",
    rgpd: 'Données personnelles',
    integrations: "Services d'autrui qui reçoivent les événements",
    monitoring: 'Temps de réponse, erreurs et alertes',
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
    url: 'https://example.com/hook',
    limite_requetes_par_minute: 100,
    limite_requetes_par_jour: 10_000,
    limite_requetes_par_mois: 100_000,
  },
  documentedEvents: webhookEvents,
  routes: [
    ...authRoutes,
    ...(demo ? [testLoginRoute] : []),
    ...planningRoutes,
    ...calendarRoutes,
    ...userRoutes,
    ...clientRoutes,
    ...interventionRoutes,
    ...onSiteRoutes,
    ...reportRoutes,
    ...apiKeyRoutes,
    ...mediaRoutes,
    ...webhookRoutes,
    ...webhookExecutionRoutes,
    ...auditRoutes,
    ...integrationRoutes,
    ...monitoringRoutes,
    ...privacyRoutes,
  ],
});

/** The pages that clients of the firm open by a link. */
export function smartleakproVisits(options: VisitPagesOptions): Dialect {
  const { documentedEvents: _ofTheRoutes, ...frame } = smartleakpro({ demo: false });
  return {
    ...frame,
    name: 'smartleakpro-visits',
    title: 'SmartLeakPro : pages des clients',
    prefix: visitsPrefix,
    description: "Les pages qu'ouvre le lien d'un client vers son rendez-vous.",
    routes: visitRoutes(options),
  };
}
