import { z } from 'zod';
import { type Route, route } from '../engine/route.js';
import { wordPairs } from '../engine/word-pairs.js';
import {
  type SmartleakproAlertFragment,
  SmartleakproListAlertsOperation,
  SmartleakproReadAlertOperation,
  SmartleakproReadMetricsOperation,
  type SmartleakproRequestFiguresFragment,
} from './operations.gen.js';
import { found, IdParams, Moment, pageOf, PageQuery, pageShape, sliceOf } from './shapes.js';

const permission = 'monitoring:read';

const Figures = z
  .object({
    requetes: z.int(),
    refus: z.int().meta({ description: 'Requêtes refusées : une erreur du client' }),
    erreurs: z.int().meta({ description: 'Requêtes échouées par un défaut du serveur' }),
    taux_erreur: z.number().meta({ description: 'Pour cent requêtes, celles qui ont échoué' }),
    temps_moyen_ms: z.int(),
    mediane_ms: z.int(),
    p95_ms: z.int().meta({ description: 'Sur cent requêtes, 95 ont pris au plus ce temps' }),
    max_ms: z.int(),
  })
  .meta({ id: 'Mesures' });

const figuresOut = (figures: SmartleakproRequestFiguresFragment): z.input<typeof Figures> => ({
  requetes: figures.requestCount,
  refus: figures.refusedCount,
  erreurs: figures.failedCount,
  taux_erreur: figures.failurePercent,
  temps_moyen_ms: figures.averageMs,
  mediane_ms: figures.medianMs,
  p95_ms: figures.p95Ms,
  max_ms: figures.slowestMs,
});

const period = wordPairs({ '1h': 'HOUR', '24h': 'DAY', '7j': 'WEEK', '30j': 'MONTH' });
const alertKind = wordPairs({
  temps_reponse: 'SLOW_RESPONSES',
  taux_erreur: 'FAILURE_RATE',
  echec_webhook: 'WEBHOOK_FAILURES',
  tache_en_retard: 'TASK_OVERDUE',
});
const subjectKind = wordPairs({
  serveur: 'SERVER',
  endpoint: 'ROUTE',
  operation_graphql: 'OPERATION',
  webhook: 'WEBHOOK',
  tache: 'TASK',
});
const endReason = wordPairs({
  retablissement: 'RECOVERED',
  plus_de_requetes: 'QUIET',
  livraison_reussie: 'DELIVERED',
  webhook_desactive: 'DISABLED',
  webhook_supprime: 'DELETED',
});
const units = { SLOW_RESPONSES: 's', FAILURE_RATE: '%', WEBHOOK_FAILURES: 'tentatives', TASK_OVERDUE: 's' } as const;

const Alert = z
  .object({
    id: z.uuid(),
    type: alertKind.Word,
    statut: z.enum(['active', 'terminee']),
    sujet_type: subjectKind.Word,
    sujet: z.string().meta({ description: 'Vide pour le serveur entier', example: 'GET /api/clients/:id' }),
    valeur: z.number().meta({ description: "Ce qui l'a déclenchée, dans l'unité `unite`" }),
    seuil: z.number(),
    unite: z.enum(['s', '%', 'tentatives']),
    nombre_requetes: z.int().nullable().meta({ description: 'Mesurées au déclenchement' }),
    livraison_id: z.string().nullable().meta({ description: "La livraison qui l'a déclenchée, pour un webhook" }),
    date_debut: Moment,
    date_fin: Moment.nullable(),
    raison_fin: endReason.Word.nullable(),
    valeur_fin: z.number().nullable().meta({ description: 'Au rétablissement' }),
  })
  .meta({ id: 'Alerte' });

const alertOut = (alert: SmartleakproAlertFragment): z.input<typeof Alert> => ({
  id: alert.id,
  type: alertKind.toWord(alert.kind),
  statut: alert.endedAt === null ? 'active' : 'terminee',
  sujet_type: subjectKind.toWord(alert.subjectKind),
  sujet: alert.subjectName,
  valeur: alert.value,
  seuil: alert.threshold,
  unite: units[alert.kind],
  nombre_requetes: alert.requestCount,
  livraison_id: alert.deliveryId,
  date_debut: alert.raisedAt,
  date_fin: alert.endedAt,
  raison_fin: endReason.toWord(alert.endReason),
  valeur_fin: alert.endValue,
});

const measured = {
  requetes: 1204,
  refus: 31,
  erreurs: 2,
  taux_erreur: 0.17,
  temps_moyen_ms: 41,
  mediane_ms: 22,
  p95_ms: 141,
  max_ms: 2310,
};
const raised = {
  id: '0b3f7a52-6b0e-4c52-9a3f-5d2d5e1f9c10',
  type: 'temps_reponse',
  statut: 'terminee',
  sujet_type: 'endpoint',
  sujet: 'GET /api/clients/:id',
  valeur: 2.43,
  seuil: 2,
  unite: 's',
  nombre_requetes: 57,
  livraison_id: null,
  date_debut: '2026-02-03T10:00:00Z',
  date_fin: '2026-02-03T10:12:00Z',
  raison_fin: 'retablissement',
  valeur_fin: 0.31,
};

/** smartleakpro.md, « Monitoring »: it names what is measured and when to alert, and no paths. */
export const monitoringRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/monitoring/metriques',
    section: 'smartleakpro.md#métriques-disponibles',
    summary: "Temps de réponse, nombre de requêtes et taux d'erreur, clés API et webhooks (administrateurs)",
    credential: 'required',
    permission,
    query: z.object({ periode: period.Word.default('1h').meta({ description: 'Période qui finit maintenant' }) }),
    operation: SmartleakproReadMetricsOperation,
    toVariables: ({ query }) => ({ period: period.toGraph(query.periode) }),
    response: z
      .object({
        periode: period.Word,
        debut: Moment,
        fin: Moment,
        total: Figures,
        endpoints: z.array(Figures.extend({ endpoint: z.string() })),
        operations_graphql: z.array(Figures.extend({ operation: z.string() })),
        cles_api: z.array(Figures.extend({ id: z.uuid(), nom: z.string().nullable(), prefixe: z.string().nullable() })),
        webhooks: z
          .array(Figures.extend({ id: z.string(), nom: z.string().nullable() }))
          .meta({ description: 'Les requêtes sont les tentatives ; le temps est celui du destinataire' }),
        alertes_actives: z.int(),
      })
      .meta({ id: 'Metriques' }),
    toResponse: ({ monitoringSummary: { from, to, all, alertsUp, ...lists } }, { query }) => ({
      periode: query.periode,
      debut: from,
      fin: to,
      total: figuresOut(all),
      endpoints: lists.routes.map(({ route: endpoint, figures }) => ({ endpoint, ...figuresOut(figures) })),
      operations_graphql: lists.operations.map(({ operation, figures }) => ({ operation, ...figuresOut(figures) })),
      cles_api: lists.apiKeys.map(({ apiKeyId, name, prefix, figures }) => ({
        id: apiKeyId,
        nom: name,
        prefixe: prefix,
        ...figuresOut(figures),
      })),
      webhooks: lists.webhooks.map(({ webhookEndpointId, uuid, name, figures }) => ({
        id: uuid ?? webhookEndpointId,
        nom: name,
        ...figuresOut(figures),
      })),
      alertes_actives: alertsUp,
    }),
    examples: {
      response: {
        periode: '1h',
        debut: '2026-02-03T09:00:00Z',
        fin: '2026-02-03T10:00:00Z',
        total: measured,
        endpoints: [{ endpoint: 'GET /api/clients/:id', ...measured }],
        operations_graphql: [],
        cles_api: [],
        webhooks: [],
        alertes_actives: 0,
      },
    },
  }),
  route({
    method: 'get',
    path: '/monitoring/alertes',
    section: 'smartleakpro.md#alertes',
    summary: "Alertes, les plus récentes d'abord (administrateurs)",
    credential: 'required',
    permission,
    query: PageQuery.omit({ search: true }).extend({
      type: alertKind.Word.optional(),
      statut: z.enum(['active', 'terminee']).optional(),
    }),
    operation: SmartleakproListAlertsOperation,
    toVariables: ({ query }) => ({
      ...sliceOf(query),
      filter: { kind: alertKind.toGraph(query.type), isUp: query.statut && query.statut === 'active' },
    }),
    response: z.object({ alertes: z.array(Alert), ...pageShape }),
    toResponse: ({ alerts: { nodes, totalCount } }, { query }) => ({
      alertes: nodes.map(alertOut),
      ...pageOf(query, totalCount),
    }),
    examples: { response: { alertes: [raised], total: 1, page: 1, size: 10, pages: 1 } },
  }),
  route({
    method: 'get',
    path: '/monitoring/alertes/:id',
    section: 'smartleakpro.md#alertes',
    summary: 'Lire une alerte (administrateurs)',
    credential: 'required',
    permission,
    params: IdParams,
    operation: SmartleakproReadAlertOperation,
    toVariables: ({ params }) => params,
    response: Alert,
    toResponse: ({ alert }) => alertOut(found(alert, 'Alert')),
    examples: { response: raised },
  }),
];
