import { z } from 'zod';
import { answeredDay, pathNumber } from '../engine/openapi-schemas.js';
import { route } from '../engine/route.js';
import {
  KdocsAssignRoleOperation,
  KdocsListRolesOperation,
  KdocsListUserRolesOperation,
  KdocsRemoveRoleOperation,
  type KdocsRoleAssignmentFragment,
} from './operations.gen.js';
import { Done, found, ok } from './shapes.js';

/** kdocs.md, "Liste des types de rôles": these four, with the names of the graph's roles. */
const kdocsRoles = [
  { name: 'VALIDATOR_L1', code: 'VALIDATOR_L1', label: 'Validateur Niveau 1' },
  { name: 'VALIDATOR_L2', code: 'VALIDATOR_L2', label: 'Validateur Niveau 2' },
  { name: 'APPROVER', code: 'APPROVER', label: 'Approbateur' },
  { name: 'admin', code: 'ADMIN', label: 'Administrateur' },
] as const;

/** The graph's role of a code; empty, which no role is called, for an unknown code. */
const nameOf = (code: string): string => kdocsRoles.find((role) => role.code === code)?.name ?? '';

const RoleType = z.object({ code: z.string(), label: z.string() }).meta({ id: 'KdocsRoleType' });
const HeldRole = z
  .object({
    role_code: z.string(),
    label: z.string(),
    scope: z.string().meta({ description: "`*` ou le code d'un type de document" }),
    max_amount: z.number().nullable(),
    currency: z.string().nullable(),
    valid_from: answeredDay.nullable(),
    valid_to: answeredDay.nullable(),
    is_valid: z.boolean().meta({ description: "Valable aujourd'hui" }),
  })
  .meta({ id: 'KdocsHeldRole' });

/** The assignment as K-Docs shows it; none for a role that K-Docs has no code for. */
function heldRoles(assignment: KdocsRoleAssignmentFragment): z.input<typeof HeldRole>[] {
  const role = kdocsRoles.find(({ name }) => name === assignment.role.name);
  if (!role) return [];
  const { scope, maxAmount = null, currency = null, validFrom = null, validTo = null, isValidToday } = assignment;
  return [
    {
      role_code: role.code,
      label: role.label,
      scope,
      max_amount: maxAmount,
      currency,
      valid_from: validFrom,
      valid_to: validTo,
      is_valid: isValidToday,
    },
  ];
}

const UserParams = z.object({ userId: pathNumber("Numéro de l'utilisateur") });
const day = z.iso.date().nullish().meta({ description: 'Jour compris' });

export const roleRoutes = [
  route({
    method: 'get',
    path: '/roles',
    section: 'kdocs.md#liste-des-types-de-rôles',
    summary: 'Liste des types de rôles',
    credential: 'required',
    operation: KdocsListRolesOperation,
    toVariables: () => ({ names: kdocsRoles.map(({ name }) => name) }),
    response: z.object({ success: z.literal(true), roles: z.array(RoleType) }),
    toResponse: ({ roles: { nodes } }) => ({
      ...ok,
      roles: kdocsRoles
        .filter(({ name }) => nodes.some((role) => role.name === name))
        .map(({ code, label }) => ({ code, label })),
    }),
    examples: { response: { success: true, roles: kdocsRoles.map(({ code, label }) => ({ code, label })) } },
  }),
  route({
    method: 'get',
    path: '/roles/user/:userId',
    section: 'kdocs.md#rôles-dun-utilisateur',
    summary: "Rôles d'un utilisateur",
    credential: 'required',
    params: UserParams,
    operation: KdocsListUserRolesOperation,
    toVariables: ({ params }) => ({ id: params.userId }),
    response: z.object({ success: z.literal(true), user_id: z.int(), roles: z.array(HeldRole) }),
    toResponse: ({ user, roleAssignments: { nodes } }) => ({
      ...ok,
      user_id: Number(found(user, 'User').id),
      roles: nodes.flatMap(heldRoles),
    }),
  }),
  route({
    method: 'post',
    path: '/roles/user/:userId/assign',
    section: 'kdocs.md#assigner-un-rôle',
    summary: 'Assigner un rôle',
    credential: 'required',
    params: UserParams,
    body: z.object({
      role_code: z.string(),
      scope: z.string().min(1).default('*').meta({ description: "`*` ou le code d'un type de document" }),
      max_amount: z.number().nullish().meta({ description: 'Sans valeur : illimité' }),
      currency: z.string().min(1).nullish(),
      valid_from: day,
      valid_to: day,
    }),
    operation: KdocsAssignRoleOperation,
    toVariables: ({ params, body: { role_code, scope, max_amount, currency, valid_from, valid_to } }) => ({
      input: {
        userId: params.userId,
        roleId: nameOf(role_code),
        scope,
        maxAmount: max_amount,
        currency,
        validFrom: valid_from,
        validTo: valid_to,
      },
    }),
    fields: { roleId: 'role_code', maxAmount: 'max_amount', validFrom: 'valid_from', validTo: 'valid_to' },
    response: z.object({ success: z.literal(true), message: z.string(), role: HeldRole }),
    toResponse: ({ assignRole: { roleAssignment } }) => ({
      ...ok,
      message: 'Rôle assigné',
      role: found(heldRoles(roleAssignment)[0], 'Role'),
    }),
    examples: {
      body: {
        role_code: 'VALIDATOR_L1',
        scope: '*',
        max_amount: 5000,
        valid_from: '2026-01-01',
        valid_to: '2026-12-31',
      },
    },
  }),
  route({
    method: 'delete',
    path: '/roles/user/:userId/:roleCode',
    section: 'kdocs.md#retirer-un-rôle',
    summary: 'Retirer un rôle',
    credential: 'required',
    params: UserParams.extend({ roleCode: z.string().meta({ example: 'VALIDATOR_L1' }) }),
    query: z.object({ scope: z.string().default('*').meta({ description: 'La portée du rôle retiré' }) }),
    operation: KdocsRemoveRoleOperation,
    toVariables: ({ params, query }) => ({
      input: { userId: params.userId, roleId: nameOf(params.roleCode), scope: query.scope },
    }),
    response: Done,
    toResponse: () => ({ ...ok, message: 'Rôle retiré' }),
  }),
];
