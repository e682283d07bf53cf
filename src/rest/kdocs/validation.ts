import { z } from 'zod';
import { pathNumber } from '../engine/openapi-schemas.js';
import { route } from '../engine/route.js';
import {
  type ApprovalPeriod,
  type DecisionObstacle,
  KdocsApprovalHistoryOperation,
  KdocsApprovalStatisticsOperation,
  KdocsApprovalStatusOperation,
  KdocsApproveDocumentOperation,
  KdocsCanValidateOperation,
  type KdocsCanValidateQuery,
  KdocsCommentApprovalOperation,
  type KdocsDecisionFragment,
  KdocsPendingApprovalsOperation,
  KdocsRejectDocumentOperation,
  KdocsSetApprovalStatusOperation,
  KdocsSubmitDocumentOperation,
} from './operations.gen.js';
import { Done, found, ok, TextId } from './shapes.js';
import { approvalStatusOf, kdocsStatuses, statusOf } from './validation-status.js';
import { kdocsWords } from './words.js';

const DocumentParams = z.object({ documentId: pathNumber('Numéro du document', 123) });

const Status = z.enum(kdocsStatuses);
const Role = z.string().meta({ example: 'VALIDATOR_L1' });
const Moment = z.string().meta({ example: '2026-01-27T10:00:00' });
const momentOf = (value: string): string => value.slice(0, 19);
/** K-Docs has the administrator's role in capitals, like the others. */
const roleOf = (role: string | null | undefined): string | null => (role === 'admin' ? 'ADMIN' : (role ?? null));
const personOf = (id: string | null | undefined): number | null => (id == null ? null : Number(id));

const CommentBody = z.object({ comment: z.string().nullish().meta({ description: 'Au plus 2000 caractères' }) });

const DecisionOut = z
  .object({ success: z.literal(true), status: Status, validated_by: z.int().nullable(), role: Role.nullable() })
  .meta({ id: 'KdocsDecision' });
const decisionOut = ({ status, decidedById, decidedRole }: KdocsDecisionFragment): z.input<typeof DecisionOut> => ({
  ...ok,
  status: statusOf(status),
  validated_by: personOf(decidedById),
  role: roleOf(decidedRole),
});

/** The message that refusing the decision would have. */
const reasonOf = (obstacle: DecisionObstacle): string => {
  return (
    kdocsWords.problem({ code: 'FORBIDDEN', message: obstacle, reason: `approval.${obstacle.toLowerCase()}` }) ??
    obstacle
  );
};

const CanValidateOut = z
  .object({
    success: z.literal(true),
    document_id: z.int(),
    can_validate: z.boolean(),
    role: Role.nullable(),
    max_amount: z.number().nullable().meta({ description: 'null : sans plafond' }),
    reason: z.string().optional().meta({ description: 'Pourquoi non' }),
  })
  .meta({ id: 'KdocsCanValidate' });

function canValidateOut({ document }: KdocsCanValidateQuery): z.input<typeof CanValidateOut> {
  const { id, canDecide } = found(document, 'Document');
  const { allowed, reason, role, maxAmount } = canDecide;
  return {
    ...ok,
    document_id: Number(id),
    can_validate: allowed,
    role: roleOf(role),
    max_amount: maxAmount ?? null,
    ...(reason && { reason: reasonOf(reason) }),
  };
}

const FiguresOut = z
  .object({ count: z.int(), total_amount: z.number(), avg_amount: z.number() })
  .meta({ id: 'KdocsApprovalFigures' });
const figuresOut = ({
  count,
  totalAmount,
  averageAmount,
}: {
  count: number;
  totalAmount: number;
  averageAmount: number;
}): z.input<typeof FiguresOut> => ({
  count,
  total_amount: totalAmount,
  avg_amount: averageAmount,
});

const fields = { documentId: 'document_id' };

const canValidate = (path: string, section: string) =>
  route({
    method: 'get',
    path,
    section,
    summary: "Vérifier si l'utilisateur peut valider",
    credential: 'required',
    params: DocumentParams,
    operation: KdocsCanValidateOperation,
    toVariables: ({ params }) => ({ id: params.documentId }),
    response: CanValidateOut,
    toResponse: canValidateOut,
    examples: {
      response: { success: true, document_id: 123, can_validate: true, role: 'VALIDATOR_L1', max_amount: 10000 },
    },
  });

export const validationRoutes = [
  route({
    method: 'get',
    path: '/validation/pending',
    operationId: 'listPendingApprovals',
    section: 'kdocs.md#documents-en-attente-de-validation',
    summary: 'Documents en attente de validation par la personne',
    credential: 'required',
    query: z.object({
      limit: z.coerce.number().int().min(1).max(100).default(50).meta({ description: 'Nombre maximum' }),
    }),
    operation: KdocsPendingApprovalsOperation,
    toVariables: ({ query }) => ({ first: query.limit }),
    response: z.object({
      success: z.literal(true),
      count: z.int(),
      documents: z.array(
        z.object({
          id: z.int(),
          title: z.string(),
          amount: z.number().nullable(),
          approval_deadline: Moment.nullable(),
          days_until_deadline: z.int().nullable(),
        }),
      ),
    }),
    toResponse: ({ pendingApprovals: { nodes } }) => ({
      ...ok,
      count: nodes.length,
      documents: nodes.map(({ id, document, deadline, daysUntilDeadline }) => ({
        id: Number(id),
        title: document?.title ?? '',
        amount: document?.amount ?? null,
        approval_deadline: deadline ? momentOf(deadline) : null,
        days_until_deadline: daysUntilDeadline ?? null,
      })),
    }),
    examples: {
      response: {
        success: true,
        count: 5,
        documents: [
          {
            id: 123,
            title: 'Facture > 1000 CHF',
            amount: 1500,
            approval_deadline: '2026-01-30T00:00:00',
            days_until_deadline: 3,
          },
        ],
      },
    },
  }),
  route({
    method: 'get',
    path: '/validation/statistics',
    operationId: 'readApprovalStatistics',
    section: 'kdocs.md#statistiques-de-validation',
    summary: 'Statistiques de validation',
    credential: 'required',
    query: z.object({
      period: z
        .enum(['day', 'week', 'month', 'year'])
        .default('month')
        .meta({ description: 'La période calendaire en cours' }),
      user_id: TextId.optional().meta({ description: 'Filtrer par validateur' }),
    }),
    operation: KdocsApprovalStatisticsOperation,
    toVariables: ({ query }) => ({
      period: query.period.toUpperCase() as ApprovalPeriod,
      ...(query.user_id && { userId: query.user_id }),
    }),
    fields: { userId: 'user_id' },
    response: z.object({
      success: z.literal(true),
      period: z.string(),
      statistics: z.object({ approved: FiguresOut, rejected: FiguresOut, pending: FiguresOut }),
    }),
    toResponse: ({ approvalStatistics: { approved, rejected, pending } }, { query }) => ({
      ...ok,
      period: query.period,
      statistics: { approved: figuresOut(approved), rejected: figuresOut(rejected), pending: figuresOut(pending) },
    }),
    examples: {
      response: {
        success: true,
        period: 'month',
        statistics: {
          approved: { count: 45, total_amount: 25000, avg_amount: 555 },
          rejected: { count: 5, total_amount: 3000, avg_amount: 600 },
          pending: { count: 10, total_amount: 8000, avg_amount: 800 },
        },
      },
    },
  }),
  canValidate('/validation/can-validate/:documentId', 'kdocs.md#vérifier-si-lutilisateur-peut-valider'),
  canValidate('/validation/:documentId/can-validate', 'DECISIONS.md#5-k-docs'),
  route({
    method: 'post',
    path: '/validation/:documentId/status',
    section: 'kdocs.md#définir-le-statut-de-validation',
    summary: 'Définir le statut de validation',
    credential: 'required',
    params: DocumentParams,
    body: CommentBody.extend({ status: Status }),
    operation: KdocsSetApprovalStatusOperation,
    toVariables: ({ params, body }) => ({
      input: {
        documentId: params.documentId,
        status: approvalStatusOf[body.status],
        comment: body.comment,
      },
    }),
    fields,
    response: DecisionOut,
    toResponse: ({ setApprovalStatus: { approval } }) => decisionOut(approval),
    examples: {
      body: { status: 'approved', comment: 'Document conforme' },
      response: { success: true, status: 'approved', validated_by: 1, role: 'VALIDATOR_L1' },
    },
  }),
  route({
    method: 'post',
    path: '/validation/:documentId/submit',
    section: 'kdocs.md#validation',
    summary: 'Soumettre un document à validation',
    credential: 'required',
    params: DocumentParams,
    body: z.object({}),
    operation: KdocsSubmitDocumentOperation,
    toVariables: ({ params }) => ({ input: { documentId: params.documentId } }),
    fields,
    response: DecisionOut,
    toResponse: ({ submitDocument: { approval } }) => decisionOut(approval),
  }),
  route({
    method: 'post',
    path: '/validation/:documentId/approve',
    section: 'kdocs.md#approuver-un-document',
    summary: 'Approuver un document',
    credential: 'required',
    params: DocumentParams,
    body: CommentBody,
    operation: KdocsApproveDocumentOperation,
    toVariables: ({ params, body }) => ({ input: { documentId: params.documentId, comment: body.comment } }),
    fields,
    response: DecisionOut,
    toResponse: ({ approveDocument: { approval } }) => decisionOut(approval),
    examples: { body: { comment: 'Approuvé' } },
  }),
  route({
    method: 'post',
    path: '/validation/:documentId/reject',
    section: 'kdocs.md#rejeter-un-document',
    summary: 'Rejeter un document ; un commentaire est bienvenu',
    credential: 'required',
    params: DocumentParams,
    body: CommentBody,
    operation: KdocsRejectDocumentOperation,
    toVariables: ({ params, body }) => ({ input: { documentId: params.documentId, comment: body.comment } }),
    fields,
    response: DecisionOut,
    toResponse: ({ rejectDocument: { approval } }) => decisionOut(approval),
    examples: { body: { comment: 'Information manquante' } },
  }),
  route({
    method: 'post',
    path: '/validation/:documentId/comment',
    section: 'kdocs.md#validation',
    summary: 'Commenter la validation',
    credential: 'required',
    params: DocumentParams,
    body: z.object({ comment: z.string() }),
    operation: KdocsCommentApprovalOperation,
    toVariables: ({ params, body }) => ({ input: { documentId: params.documentId, comment: body.comment } }),
    fields,
    status: 201,
    response: Done,
    toResponse: () => ({ ...ok, message: 'Commentaire ajouté avec succès' }),
    examples: { body: { comment: 'Bon de commande joint' } },
  }),
  route({
    method: 'get',
    path: '/validation/:documentId/status',
    operationId: 'readApprovalStatus',
    section: 'kdocs.md#récupérer-le-statut-de-validation',
    summary: 'Récupérer le statut de validation',
    credential: 'required',
    params: DocumentParams,
    operation: KdocsApprovalStatusOperation,
    toVariables: ({ params }) => ({ id: params.documentId }),
    response: z.object({
      success: z.literal(true),
      document_id: z.int(),
      status: Status.nullable().meta({ description: 'null : jamais soumis' }),
      validated_by: z.object({ id: z.int(), username: z.string() }).nullable(),
      validated_at: Moment.nullable(),
      comment: z.string().nullable(),
      requires_approval: z.boolean().meta({ description: 'Une décision est attendue' }),
    }),
    toResponse: ({ document }) => {
      const { id, approval } = found(document, 'Document');
      const { status, decidedById, decidedByUsername, decidedAt, comment } = approval ?? {};
      return {
        ...ok,
        document_id: Number(id),
        status: status ? statusOf(status) : null,
        validated_by: decidedById == null ? null : { id: Number(decidedById), username: decidedByUsername ?? '' },
        validated_at: decidedAt ? momentOf(decidedAt) : null,
        comment: comment ?? null,
        requires_approval: status === 'PENDING',
      };
    },
    examples: {
      response: {
        success: true,
        document_id: 123,
        status: 'approved',
        validated_by: { id: 1, username: 'admin' },
        validated_at: '2026-01-27T11:00:00',
        comment: 'OK',
        requires_approval: false,
      },
    },
  }),
  route({
    method: 'get',
    path: '/validation/:documentId/history',
    operationId: 'listApprovalHistory',
    section: 'kdocs.md#historique-de-validation',
    summary: 'Historique de validation, le plus récent en premier',
    credential: 'required',
    params: DocumentParams,
    operation: KdocsApprovalHistoryOperation,
    toVariables: ({ params }) => ({ id: params.documentId }),
    response: z.object({
      success: z.literal(true),
      document_id: z.int(),
      history: z.array(
        z.object({
          action: z.string(),
          from_status: Status.nullable(),
          to_status: Status,
          performed_by: z.int().nullable().meta({ description: 'null : le système, pour une escalade' }),
          username: z.string().nullable(),
          created_at: Moment,
          comment: z.string().optional(),
        }),
      ),
    }),
    toResponse: ({ document }) => {
      const { id, approval } = found(document, 'Document');
      return {
        ...ok,
        document_id: Number(id),
        history: (approval?.history.nodes ?? []).map((step) => ({
          action: step.action.toLowerCase(),
          from_status: step.fromStatus ? statusOf(step.fromStatus) : null,
          to_status: statusOf(step.toStatus),
          performed_by: personOf(step.performedById),
          username: step.performedByUsername ?? null,
          created_at: momentOf(step.createdAt),
          ...(step.comment && { comment: step.comment }),
        })),
      };
    },
    examples: {
      response: {
        success: true,
        document_id: 123,
        history: [
          {
            action: 'submitted',
            from_status: null,
            to_status: 'pending',
            performed_by: 2,
            username: 'user1',
            created_at: '2026-01-27T10:00:00',
          },
        ],
      },
    },
  }),
];
