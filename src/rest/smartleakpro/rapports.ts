import { z } from 'zod';
import { type Route, route } from '../engine/route.js';
import {
  SmartleakproCreateReportOperation,
  SmartleakproDeleteReportOperation,
  SmartleakproExportReportsOperation,
  SmartleakproGenerateReportOperation,
  SmartleakproListReportsOperation,
  SmartleakproReadReportOperation,
  SmartleakproRegenerateReportOperation,
  SmartleakproReportFileOperation,
  SmartleakproReportStatisticsOperation,
  SmartleakproUpdateReportOperation,
} from './operations.gen.js';
import { draft, fields, making, makingIn, patienceSeconds, texts, textsIn } from './rapport-bodies.js';
import {
  filterOf,
  GeneratedRapport,
  generatedOut,
  Rapport,
  rapportFilters,
  rapportOut,
  WholeRapport,
  wholeRapportOut,
} from './rapport-shapes.js';
import { found, IdParams, pageOf, PageQuery, pageShape, sliceOf, VersionSeen } from './shapes.js';
import { reportColumn, reportKind, reportListFormat, reportStatus } from './words.js';

const section = 'smartleakpro.md#rapports';
const used = 'CONSUMERS.md#rapports';
const decided = 'DECISIONS.md#2-smartleakpro-api';

/** What a refused move is told in: `Transition invalide de valide vers brouillon`. */
export const wordsOfReportMove = ({ from, to }: Readonly<Record<string, unknown>>): string | undefined => {
  const word = (status: unknown) => reportStatus.toWord(String(status).toUpperCase() as never);
  return `Transition invalide de ${word(from)} vers ${word(to)}`;
};

const readRoute = route({
  method: 'get',
  path: '/rapports/:id',
  section: decided,
  summary: 'Récupérer un rapport par ID',
  credential: 'required',
  params: IdParams,
  operation: SmartleakproReadReportOperation,
  toVariables: ({ params }) => params,
  response: WholeRapport,
  toResponse: ({ report }) => wholeRapportOut(found(report, 'Report')),
});

export const reportRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/rapports',
    section,
    summary: "Liste des rapports, le plus récent d'abord",
    credential: 'required',
    query: PageQuery.extend(rapportFilters),
    operation: SmartleakproListReportsOperation,
    toVariables: ({ query }) => ({ ...sliceOf(query), filter: filterOf(query) }),
    fields: { 'filter.createdAfter': 'date_debut', 'filter.createdBefore': 'date_fin' },
    response: z.object({ rapports: z.array(Rapport), ...pageShape }),
    toResponse: ({ reports: { nodes, totalCount } }, { query }) => ({
      rapports: nodes.map(rapportOut),
      ...pageOf(query, totalCount),
    }),
  }),
  route({
    method: 'post',
    path: '/rapports',
    section: used,
    summary: 'Créer un brouillon de rapport',
    credential: 'required',
    body: z.object(draft),
    operation: SmartleakproCreateReportOperation,
    toVariables: ({ body }) => ({
      input: {
        ...textsIn(body),
        id: body.id,
        interventionId: body.intervention_id,
        kind: reportKind.toGraph(body.type_rapport),
      },
    }),
    fields,
    status: 201,
    response: WholeRapport,
    toResponse: ({ createReport }) => wholeRapportOut(createReport.report),
  }),
  route({
    method: 'post',
    path: '/rapports/generate',
    section,
    summary: `Générer un rapport : la réponse attend le fichier ${patienceSeconds} s, sinon le statut est \`en_cours\``,
    credential: 'required',
    body: z.object({ ...draft, ...making }),
    operation: SmartleakproGenerateReportOperation,
    toVariables: ({ body }) => ({
      input: {
        ...textsIn(body),
        ...makingIn(body),
        id: body.id,
        interventionId: body.intervention_id,
        kind: reportKind.toGraph(body.type_rapport),
      },
    }),
    fields,
    status: 201,
    response: GeneratedRapport,
    toResponse: ({ generateReport }) => generatedOut(generateReport.report),
    examples: {
      body: {
        intervention_id: '7b1d55e0-3c1f-4f63-9a0e-2f5a8a9c1b02',
        type_rapport: 'inspection',
        format: 'pdf',
        template: 'default',
      },
    },
  }),
  route({
    method: 'get',
    path: '/rapports/stats/summary',
    operationId: 'readReportStatistics',
    section: used,
    summary: 'Chiffres des rapports',
    credential: 'required',
    operation: SmartleakproReportStatisticsOperation,
    toVariables: () => ({}),
    response: z
      .object({
        total_rapports: z.int(),
        rapports_ce_mois: z.int(),
        rapports_en_attente: z.int().meta({ description: 'Brouillons, en cours et générés : pas encore validés' }),
        rapports_valides: z.int(),
        par_type: z.record(z.string(), z.int()),
        par_auteur: z.record(z.string(), z.int()).meta({ description: 'Les 100 auteurs qui en ont le plus' }),
        taille_totale: z.int().meta({ description: 'Octets' }),
      })
      .meta({ id: 'StatistiquesRapports' }),
    toResponse: ({ reportStatistics: figures }) => ({
      total_rapports: figures.totalCount,
      rapports_ce_mois: figures.monthCount,
      rapports_en_attente: figures.pendingCount,
      rapports_valides: figures.validatedCount,
      par_type: Object.fromEntries(figures.kinds.map(({ kind, count }) => [reportKind.toWord(kind), count])),
      par_auteur: Object.fromEntries(figures.authors.map(({ author, count }) => [author, count])),
      taille_totale: figures.totalBytes,
    }),
  }),
  route({
    method: 'post',
    path: '/rapports/export',
    section: used,
    summary: 'Exporter la liste des rapports : 10 000 lignes au plus, 2 000 en PDF',
    credential: 'required',
    body: z.object({
      format: reportListFormat.Word,
      filtres: z.object({ ...rapportFilters, search: z.string().trim().max(200).optional() }).nullish(),
      colonnes: z
        .array(reportColumn.Word)
        .min(1)
        .max(100)
        .nullish()
        .meta({ description: 'Par défaut les colonnes usuelles' }),
    }),
    operation: SmartleakproExportReportsOperation,
    toVariables: ({ body: { format, filtres, colonnes } }) => ({
      format: reportListFormat.toGraph(format),
      filter: filterOf(filtres ?? {}),
      columns: colonnes?.map((column) => reportColumn.toGraph(column)),
    }),
    fields: { filter: 'filtres', columns: 'colonnes' },
    produces: ['text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/pdf'],
    reply: ({ reportListFile: { name, mimeType, contentBase64 } }) => ({
      stream: { name, mimeType, parts: [Buffer.from(contentBase64, 'base64')] },
    }),
  }),
  readRoute,
  route({
    method: 'put',
    path: '/rapports/:id',
    section: decided,
    summary: 'Mettre à jour un rapport : les champs donnés ; `statut: "valide"` le valide',
    credential: 'required',
    params: IdParams,
    body: z.object({
      ...texts,
      titre: texts.titre.meta({ description: 'Vide, il reste' }),
      intervention_id: z.guid().nullish(),
      type_rapport: reportKind.Word.nullish(),
      statut: reportStatus.Word.nullish(),
      version: VersionSeen,
    }),
    current: readRoute,
    operation: SmartleakproUpdateReportOperation,
    toVariables: ({ params, body }) => ({
      input: {
        ...textsIn(body),
        id: params.id,
        interventionId: body.intervention_id,
        kind: reportKind.toGraph(body.type_rapport),
        status: reportStatus.toGraph(body.statut),
        version: body.version,
      },
    }),
    fields,
    response: WholeRapport,
    toResponse: ({ updateReport }) => wholeRapportOut(updateReport.report),
  }),
  route({
    method: 'delete',
    path: '/rapports/:id',
    section: decided,
    summary: 'Supprimer un rapport : il reste 30 jours dans la corbeille',
    credential: 'required',
    params: IdParams,
    operation: SmartleakproDeleteReportOperation,
    toVariables: ({ params }) => params,
  }),
  route({
    method: 'post',
    path: '/rapports/:id/generate',
    operationId: 'regenerateReport',
    section: decided,
    summary: "Générer le fichier d'un brouillon, ou de nouveau ; ce qui n'est pas donné reste",
    credential: 'required',
    params: IdParams,
    body: z.object({ ...making, version: VersionSeen }),
    current: readRoute,
    operation: SmartleakproRegenerateReportOperation,
    toVariables: ({ params, body }) => ({ input: { ...makingIn(body), id: params.id, version: body.version } }),
    fields,
    response: GeneratedRapport,
    toResponse: ({ regenerateReport }) => generatedOut(regenerateReport.report),
  }),
  route({
    method: 'get',
    path: '/rapports/:id/download',
    operationId: 'downloadReport',
    link: 'reportFile',
    section,
    summary: 'Télécharger un rapport',
    credential: 'required',
    params: IdParams,
    operation: SmartleakproReportFileOperation,
    toVariables: ({ params }) => params,
    produces: [
      'application/pdf',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'text/csv',
    ],
    reply: ({ reportFile }) => {
      const { key, name, mimeType, tag } = found(reportFile, 'Report');
      return { file: { key, name, mimeType, disposition: 'attachment', etag: tag } };
    },
  }),
];
