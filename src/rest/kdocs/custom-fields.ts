import { z } from 'zod';
import { route } from '../engine/route.js';
import {
  type CustomFieldKind,
  KdocsCreateCustomFieldOperation,
  type KdocsCustomFieldFragment,
  KdocsDeleteCustomFieldOperation,
  type KdocsDocumentFieldsFragment,
  KdocsListCustomFieldsOperation,
  KdocsReadCustomFieldOperation,
  KdocsReadDocumentFieldsOperation,
  KdocsSetDocumentFieldsOperation,
  KdocsUpdateCustomFieldOperation,
} from './operations.gen.js';
import {
  Done,
  found,
  Id,
  IdParams,
  LabelQuery,
  labelName,
  Moment,
  momentOf,
  ok,
  pageVariables,
  paginationOf,
  success,
  successPage,
} from './shapes.js';

const kinds = ['text', 'integer', 'decimal', 'date', 'boolean', 'url', 'choice'] as const;
/** The graph's enum has the same words in capitals. */
const fromKind = (kind: CustomFieldKind): (typeof kinds)[number] => kind.toLowerCase() as (typeof kinds)[number];

const FieldOut = z
  .object({
    id: z.int(),
    name: z.string(),
    type: z.enum(kinds),
    choices: z.array(z.string()),
    document_type_id: z.int().nullable(),
    required: z.boolean(),
    created_at: Moment,
    updated_at: Moment,
  })
  .meta({ id: 'KdocsCustomField' });

const fieldOut = (field: KdocsCustomFieldFragment): z.input<typeof FieldOut> => ({
  id: Number(field.id),
  name: field.name,
  type: fromKind(field.kind),
  choices: field.choices,
  document_type_id: field.documentType ? Number(field.documentType.id) : null,
  required: field.isRequired,
  created_at: momentOf(field.createdAt),
  updated_at: momentOf(field.updatedAt),
});

const Scalar = z.union([z.string(), z.number(), z.boolean()]);
const ValueOut = z
  .object({ field_id: z.int(), name: z.string(), type: z.enum(kinds), value: Scalar })
  .meta({ id: 'KdocsFieldValue' });

const valuesOut = ({ fields }: KdocsDocumentFieldsFragment): z.input<typeof ValueOut>[] =>
  fields.map(({ field, value, number, boolean }) => ({
    field_id: Number(field.id),
    name: field.name,
    type: fromKind(field.kind),
    value: number ?? boolean ?? value,
  }));

const changeable = {
  choices: z.array(z.string()).max(100).optional(),
  document_type_id: Id.nullable().optional(),
  required: z.boolean().optional(),
};
const changesIn = (body: z.output<z.ZodObject<typeof changeable>>) => ({
  choices: body.choices,
  documentTypeId: body.document_type_id,
  isRequired: body.required,
});
const fields = { documentTypeId: 'document_type_id', isRequired: 'required', kind: 'type' };
const section = 'DECISIONS.md#5-k-docs';

export const customFieldRoutes = [
  route({
    method: 'get',
    path: '/custom-fields',
    section,
    summary: 'Liste des champs personnalisés',
    credential: 'required',
    query: LabelQuery.omit({ search: true }),
    operation: KdocsListCustomFieldsOperation,
    toVariables: ({ query }) => pageVariables(query),
    response: successPage(FieldOut),
    toResponse: ({ customFields: { nodes, totalCount } }, { query }) => ({
      ...ok,
      data: nodes.map(fieldOut),
      pagination: paginationOf(query, totalCount),
    }),
  }),
  route({
    method: 'get',
    path: '/custom-fields/:id',
    section,
    summary: "Détails d'un champ personnalisé",
    credential: 'required',
    params: IdParams,
    operation: KdocsReadCustomFieldOperation,
    toVariables: ({ params }) => params,
    response: success(FieldOut),
    toResponse: ({ customField }) => ({ ...ok, data: fieldOut(found(customField, 'CustomField')) }),
  }),
  route({
    method: 'post',
    path: '/custom-fields',
    section,
    summary: 'Créer un champ personnalisé',
    credential: 'required',
    body: z.object({ name: labelName, type: z.enum(kinds), ...changeable }),
    operation: KdocsCreateCustomFieldOperation,
    toVariables: ({ body }) => ({
      input: { name: body.name, kind: body.type.toUpperCase() as CustomFieldKind, ...changesIn(body) },
    }),
    fields,
    status: 201,
    response: success(FieldOut),
    toResponse: ({ createCustomField: { customField } }) => ({
      ...ok,
      data: fieldOut(customField),
      message: 'Champ personnalisé créé avec succès',
    }),
    examples: { body: { name: 'Chantier', type: 'choice', choices: ['Nord', 'Sud'] } },
  }),
  route({
    method: 'put',
    path: '/custom-fields/:id',
    section,
    summary: 'Mettre à jour un champ personnalisé ; son type ne change pas',
    credential: 'required',
    params: IdParams,
    body: z.object({ name: labelName.optional(), ...changeable }),
    operation: KdocsUpdateCustomFieldOperation,
    toVariables: ({ params, body }) => ({ input: { id: params.id, name: body.name, ...changesIn(body) } }),
    fields,
    response: success(FieldOut),
    toResponse: ({ updateCustomField: { customField } }) => ({
      ...ok,
      data: fieldOut(customField),
      message: 'Champ personnalisé mis à jour avec succès',
    }),
  }),
  route({
    method: 'delete',
    path: '/custom-fields/:id',
    section,
    summary: 'Supprimer un champ personnalisé et ses valeurs',
    credential: 'required',
    params: IdParams,
    query: z.object({
      force: z
        .enum(['true', 'false', '1', '0'])
        .default('false')
        .meta({ description: 'Supprime aussi les valeurs que des documents en ont' }),
    }),
    operation: KdocsDeleteCustomFieldOperation,
    toVariables: ({ params, query }) => ({ input: { id: params.id, force: ['true', '1'].includes(query.force) } }),
    response: Done,
    toResponse: () => ({ ...ok, message: 'Champ personnalisé supprimé avec succès' }),
  }),
  route({
    method: 'get',
    path: '/documents/:id/fields',
    section,
    summary: "Champs personnalisés d'un document",
    credential: 'required',
    params: IdParams,
    operation: KdocsReadDocumentFieldsOperation,
    toVariables: ({ params }) => params,
    response: success(z.array(ValueOut)),
    toResponse: ({ document }) => ({ ...ok, data: valuesOut(found(document, 'Document')) }),
  }),
  route({
    method: 'put',
    path: '/documents/:id/fields',
    section,
    summary: "Renseigner les champs personnalisés d'un document ; null efface",
    credential: 'required',
    params: IdParams,
    body: z.object({ fields: z.array(z.object({ field_id: Id, value: Scalar.nullable() })).max(100) }),
    operation: KdocsSetDocumentFieldsOperation,
    toVariables: ({ params, body }) => ({
      input: {
        id: params.id,
        values: body.fields.map(({ field_id, value }) => ({ fieldId: field_id, value })),
      },
    }),
    fields: { values: 'fields', 'values.*.fieldId': 'fields.*.field_id', 'values.*.value': 'fields.*.value' },
    response: success(z.array(ValueOut)),
    toResponse: ({ setDocumentFields: { document } }) => ({
      ...ok,
      data: valuesOut(document),
      message: 'Champs mis à jour avec succès',
    }),
    examples: {
      body: {
        fields: [
          { field_id: 1, value: 'Nord' },
          { field_id: 2, value: 12.5 },
        ],
      },
    },
  }),
];
