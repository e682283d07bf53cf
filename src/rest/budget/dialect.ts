import type { Dialect } from '../engine/route.js';
import { accountShareRoutes } from './account-shares.js';
import { accountRoutes } from './accounts.js';
import { apiTokenRoutes } from './api-tokens.js';
import { authRoutes } from './auth.js';
import { budgetRoutes } from './budgets.js';
import { categoryRoutes } from './categories.js';
import { categorizationRoutes } from './categorization-rules.js';
import { envelope, ErrorEnvelope } from './envelope.js';
import { exportRoutes } from './export.js';
import { forecastRoutes } from './forecast.js';
import { importRoutes } from './imports.js';
import { iosRoutes } from './ios.js';
import { passkeyRoutes } from './passkeys.js';
import { receiptRoutes } from './receipts.js';
import { reconciliationRoutes } from './reconciliations.js';
import { recurrenceRoutes } from './recurrence-rules.js';
import { statsRoutes } from './stats.js';
import { transactionRoutes } from './transactions.js';
import { transferRoutes } from './transfers.js';
import { webhookRoutes } from './webhooks.js';
import { budgetWords } from './words.js';

/** contracts/budget.md, with DECISIONS.md section 4. */
export const budget: Dialect = {
  name: 'budget',
  title: 'Budget',
  version: '1.0.0',
  prefix: '/api/v1',
  description:
    "Comptes bancaires, transactions, budgets, passkeys et tokens API de l'application de suivi de budget. " +
    '`POST /auth/register` pose le cookie ' +
    "`budget_registration`, qui n'ouvre que l'enregistrement de la première passkey; la connexion avec la passkey " +
    'donne le JWT.',
  errorSchema: ErrorEnvelope,
  toError: envelope,
  statusOf: { BAD_USER_INPUT: 422 },
  words: budgetWords,
  habits: { looseValues: true, unknownKeys: 'ignored' },
  quotas: ({ credential }) => {
    if (credential === 'none') return [{ name: 'hour', requests: 100, seconds: 3600, per: 'address' }];
    if (credential === 'api_token' || credential === 'api_key')
      return [{ name: 'token-hour', requests: 500, seconds: 3600, per: 'credential' }];
    return [{ name: 'hour', requests: 1000, seconds: 3600, per: 'account' }];
  },
  authenticationQuota: { name: 'authentication', requests: 10, seconds: 3600, per: 'address' },
  limits: [
    'Avec JWT : 1000 requêtes par heure',
    'Avec API Token : 500 requêtes par heure',
    'Raccourci iOS : 10 requêtes par minute et par token',
    "Endpoints d'authentification : 10 tentatives par heure",
    'Sans authentification : 100 requêtes par heure et par adresse',
  ],
  securitySchemes: {
    bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
    apiToken: { type: 'apiKey', in: 'header', name: 'Authorization', description: '`ApiToken <api_token>`' },
    apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
    session: { type: 'apiKey', in: 'cookie', name: 'kdocs_session' },
  },
  tags: {
    auth: 'Compte, passkeys et jetons de session',
    'api-tokens': 'Tokens API pour les programmes',
    webhooks:
      'Adresses qui reçoivent par POST les événements que leur propriétaire peut voir, `{id, type, timestamp, ' +
      'data}` comme sur `/ws` : au moins une fois, dans l’ordre pour un même objet. Toute réponse 2xx vaut ' +
      'réception ; sinon nouvelles tentatives après 5 s, 5 min, 30 min, 2 h, 5 h, 10 h et 10 h, ou après ' +
      '`Retry-After`. Les en-têtes `webhook-id`, `webhook-timestamp` et `webhook-signature` sont ceux de Standard ' +
      'Webhooks ; `X-Webhook-Signature` est `sha256=` et l’HMAC-SHA256 hexadécimal du corps, avec le texte du ' +
      'secret pour clé. Un token API ou une clé a besoin du scope `webhooks` pour en créer ou en modifier.',
    accounts: 'Comptes bancaires',
    transactions: 'Transactions des comptes',
    transfers: 'Virements entre comptes, deux transactions liées',
    imports: 'Import de relevés bancaires : CSV, OFX, camt.053',
    budgets: 'Sommes à économiser jusqu’à une date',
    categories: 'Catégories globales et personnalisées',
    'categorization-rules': 'Ce que reçoivent les transactions sans catégorie',
    'recurrence-rules': 'Transactions qui se répètent',
    stats: 'Statistiques et prévision',
    ios: "Le raccourci d'un iPhone",
  },
  sampleValues: { device_name: "Clé d'Alice", name: 'Script de sauvegarde' },
  routes: [
    ...authRoutes,
    ...passkeyRoutes,
    ...apiTokenRoutes,
    ...webhookRoutes,
    ...accountRoutes,
    ...reconciliationRoutes,
    ...accountShareRoutes,
    ...transactionRoutes,
    ...exportRoutes,
    ...receiptRoutes,
    ...transferRoutes,
    ...importRoutes,
    ...categoryRoutes,
    ...categorizationRoutes,
    ...recurrenceRoutes,
    ...forecastRoutes,
    ...budgetRoutes,
    ...statsRoutes,
    ...iosRoutes,
  ],
};
