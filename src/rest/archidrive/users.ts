import { z } from 'zod';
import { notFound } from '../../lib/errors.js';
import { answeredDay } from '../engine/openapi-schemas.js';
import { type Reply, type Route, route } from '../engine/route.js';
import { addressShape, emailShape, nameShape, newPasswordShape, phoneShape } from '../identity/person-shapes.js';
import {
  ArchidriveCreateUserOperation,
  type ArchidriveDeleteUserMutation,
  ArchidriveDeleteUserOperation,
  ArchidriveExportUserOperation,
  type ArchidriveExportUserQuery,
  ArchidriveListUsersOperation,
  ArchidriveReadMeOperation,
  ArchidriveReadUserOperation,
  ArchidriveUpdateUserOperation,
  type ArchidriveUserFragment,
} from './operations.gen.js';
import { idParams, ok, paging, toSlice } from './shapes.js';

const section = 'archidrive.md#utilisateur-api';

const Address = z.object({
  street: z.string().nullable(),
  city: z.string().nullable(),
  postalCode: z.string().nullable(),
  country: z.string().nullable(),
});

const User = z
  .object({
    id: z.int(),
    email: z.string().nullable().describe('null for whoever may only see the name'),
    firstName: z.string(),
    lastName: z.string(),
    telephone: z.string().nullable(),
    address: Address,
    isAdmin: z.boolean(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'User' });
const OneUser = z.object({ success: z.literal(true), user: User });

function userOut(user: ArchidriveUserFragment): z.input<typeof User> {
  const { street = null, city = null, postalCode = null, country = null } = user;
  return {
    id: Number(user.id),
    email: user.email ?? null,
    firstName: user.firstName,
    lastName: user.lastName,
    telephone: user.phone ?? null,
    address: { street, city, postalCode, country },
    isAdmin: user.roles.some(({ name }) => name === 'admin'),
    createdAt: user.createdAt,
    updatedAt: user.updatedAt,
  };
}

function oneUserOut(user: ArchidriveUserFragment | null | undefined): z.input<typeof OneUser> {
  if (!user) throw notFound('User');
  return { ...ok, user: userOut(user) };
}

const profile = { telephone: phoneShape.nullish(), address: addressShape.nullish() };
type Profile = z.output<z.ZodObject<typeof profile>>;

/** `address: null` clears it; absent parts stay as they are. */
const profileIn = ({ telephone, address }: Profile) => ({
  phone: telephone,
  ...(address === null ? { street: null, city: null, postalCode: null, country: null } : address),
});

const fields = {
  phone: 'telephone',
  street: 'address.street',
  city: 'address.city',
  postalCode: 'address.postalCode',
  country: 'address.country',
};

const changes = {
  body: z.object({
    // People who registered elsewhere may have no names, and what was read must be accepted again.
    firstName: z.union([z.literal(''), nameShape]).optional(),
    lastName: z.union([z.literal(''), nameShape]).optional(),
    email: emailShape.optional(),
    ...profile,
  }),
  operation: ArchidriveUpdateUserOperation,
  fields,
  response: z.object({ success: z.literal(true), msg: z.string(), user: User }),
};
type Changes = z.output<typeof changes.body>;
const changesIn = ({ firstName, lastName, email, ...rest }: Changes) => ({
  firstName,
  lastName,
  email,
  ...profileIn(rest),
});
const changed = (user: ArchidriveUserFragment): z.input<typeof changes.response> => ({
  ...ok,
  msg: 'User profile updated',
  user: userOut(user),
});

const Removed = z.object({
  success: z.literal(true),
  msg: z.string(),
  kept: z
    .array(
      z.object({
        what: z.string().meta({ example: 'invoices' }),
        count: z.int(),
        reason: z.string(),
        until: answeredDay.nullable(),
      }),
    )
    .meta({ description: 'What is still there, and why' }),
});
const removed = ({ deleteUser: { remains } }: ArchidriveDeleteUserMutation): z.input<typeof Removed> => ({
  ...ok,
  msg: 'User removed',
  kept: remains.map(({ what, count, reason, until }) => ({ what, count, reason, until: until ?? null })),
});

/** DECISIONS.md, section 6: a person's data as JSON, with their files. */
const download = {
  operation: ArchidriveExportUserOperation,
  reply: ({ personalDataExport: { name, exportedAt, data, files } }: ArchidriveExportUserQuery): Reply => ({
    archive: { name, modifiedAt: new Date(exportedAt), entries: [{ name: 'data.json', text: data }, ...files] },
  }),
  produces: ['application/zip'],
};

export const userRoutes: Route[] = [
  route({
    method: 'post',
    path: '/users',
    section,
    summary: 'Create a user and get an API token',
    credential: 'none',
    quota: 'authentication',
    body: z.object({
      firstName: nameShape,
      lastName: nameShape,
      email: emailShape,
      password: newPasswordShape,
      ...profile,
    }),
    operation: ArchidriveCreateUserOperation,
    toVariables: ({ body: { firstName, lastName, email, password, ...rest } }) => ({
      input: { firstName, lastName, email, password, ...profileIn(rest), withToken: true },
    }),
    fields,
    status: 201,
    response: z.object({ success: z.literal(true), msg: z.string(), token: z.string(), user: User }),
    toResponse: ({ registerUser: { user, token } }) => ({
      ...ok,
      msg: 'User created',
      token: token ?? '',
      user: userOut(user),
    }),
    examples: {
      body: {
        firstName: 'Claire',
        lastName: 'Moreau',
        email: 'claire.moreau@example.com',
        password: 'Motdepasse-1',
        telephone: '+33 6 12 34 56 78',
        address: { street: '12 rue de la République', city: 'Lyon', postalCode: '69002', country: 'FR' },
      },
    },
  }),
  route({
    method: 'get',
    path: '/users',
    section,
    summary: 'List the users (administrators), newest first; without page and size up to 1,000',
    credential: 'required',
    query: z.object(paging),
    operation: ArchidriveListUsersOperation,
    toVariables: ({ query }) => toSlice(query),
    response: z.object({ success: z.literal(true), users: z.array(User), total: z.int() }),
    toResponse: ({ users: { nodes, totalCount } }) => ({ ...ok, users: nodes.map(userOut), total: totalCount }),
  }),
  route({
    method: 'get',
    path: '/users/me',
    section,
    summary: 'Read oneself',
    credential: 'required',
    operation: ArchidriveReadMeOperation,
    toVariables: () => ({}),
    response: OneUser,
    toResponse: ({ viewer }) => oneUserOut(viewer),
  }),
  route({
    method: 'get',
    path: '/users/:id',
    section,
    summary: 'Read a user',
    credential: 'required',
    params: idParams,
    operation: ArchidriveReadUserOperation,
    toVariables: ({ params }) => ({ id: params.id }),
    response: OneUser,
    toResponse: ({ user }) => oneUserOut(user),
  }),
  route({
    method: 'get',
    path: '/users/me/export',
    operationId: 'exportMe',
    section: 'DECISIONS.md#6-privacy-and-law',
    summary: "Download all of one's own data: JSON and files in a zip",
    credential: 'required',
    ...download,
    toVariables: () => ({}),
  }),
  route({
    method: 'get',
    path: '/users/:id/export',
    link: 'personalDataExport',
    section: 'DECISIONS.md#6-privacy-and-law',
    summary: "Download all of a user's data: one's own, or anybody's for administrators",
    credential: 'required',
    params: idParams,
    ...download,
    toVariables: ({ params }) => ({ id: params.id }),
  }),
  route({
    method: 'put',
    path: '/users/me',
    operationId: 'updateMe',
    section,
    summary: 'Change oneself',
    credential: 'required',
    ...changes,
    toVariables: ({ body, request }) => ({ input: { id: String(request.userId), ...changesIn(body) } }),
    toResponse: ({ updateUser: { user } }) => changed(user),
  }),
  route({
    method: 'put',
    path: '/users/:id',
    section,
    summary: 'Change a user: oneself, or anybody for administrators',
    credential: 'required',
    params: idParams,
    ...changes,
    toVariables: ({ params, body }) => ({ input: { id: params.id, ...changesIn(body) } }),
    toResponse: ({ updateUser: { user } }) => changed(user),
  }),
  route({
    method: 'delete',
    path: '/users/me',
    operationId: 'deleteMe',
    section,
    summary: 'Erase oneself',
    credential: 'required',
    confirms: true,
    operation: ArchidriveDeleteUserOperation,
    toVariables: ({ request }) => ({ input: { id: String(request.userId) } }),
    response: Removed,
    toResponse: removed,
  }),
  route({
    method: 'delete',
    path: '/users/:id',
    section,
    summary: 'Erase a user: oneself, or anybody for administrators',
    credential: 'required',
    confirms: true,
    params: idParams,
    operation: ArchidriveDeleteUserOperation,
    toVariables: ({ params }) => ({ input: { id: params.id } }),
    response: Removed,
    toResponse: removed,
  }),
];
