import { z } from 'zod';
import {
  emailPattern,
  longestPersonField,
  passwordWeaknesses,
  phonePattern,
  tidyPassword,
  usernamePattern,
} from '../../lib/person-rules.js';
import { conflictOnDuplicate } from '../engine/conflict.js';
import { type Route, route } from '../engine/route.js';
import { french } from '../engine/words.js';
import { envelope } from './envelope.js';
import {
  SmartleakproCreateUserOperation,
  SmartleakproDeleteUserOperation,
  SmartleakproListUsersOperation,
  SmartleakproReadUserOperation,
  SmartleakproUpdateUserOperation,
  type SmartleakproUserFragment,
} from './operations.gen.js';
import { Role, roleOf } from './role.js';
import { found, IdParams, line, Moment, pageOf, PageQuery, pageShape, sliceOf } from './shapes.js';

const section = 'smartleakpro.md#utilisateurs';
const { field: sentenceOf } = french();

/** The graph's words for the dialect's. */
const businessRoles = {
  admin: 'ADMIN',
  manager: 'MANAGER',
  technicien: 'TECHNICIAN',
  consultant: 'CONSULTANT',
  lecteur: 'READER',
} as const satisfies Record<Role, string>;

/** The graph's words for the dialect's; only who is `actif` can sign in. */
const statuses = { actif: 'ACTIVE', inactif: 'INACTIVE', suspendu: 'SUSPENDED', en_attente: 'PENDING' } as const;
type State = keyof typeof statuses;
const State = z.enum(Object.keys(statuses) as [State, ...State[]]);
const stateOf = Object.fromEntries(Object.entries(statuses).map(([state, status]) => [status, state])) as {
  [status in (typeof statuses)[State]]: State;
};

const User = z
  .object({
    id: z.uuid(),
    nom_utilisateur: z.string(),
    email: z.string(),
    nom: z.string(),
    prenom: z.string(),
    telephone: z.string().nullable(),
    role: Role.meta({ description: 'Le plus fort des cinq rôles de la personne, `lecteur` sans aucun' }),
    statut: State,
    consentement_rgpd: z.boolean(),
    date_creation: Moment,
    date_modification: Moment,
    derniere_connexion: Moment.nullable(),
  })
  .meta({ id: 'Utilisateur' });

const userOut = (user: SmartleakproUserFragment): z.input<typeof User> => ({
  id: user.uuid,
  nom_utilisateur: user.username,
  email: user.email ?? '',
  nom: user.lastName,
  prenom: user.firstName,
  telephone: user.phone ?? null,
  role: roleOf(user.roles),
  statut: stateOf[user.status],
  consentement_rgpd: user.consentedAt != null,
  date_creation: user.createdAt,
  date_modification: user.updatedAt,
  derniere_connexion: user.lastLoginAt ?? null,
});

const newPassword = z.string().superRefine((password, context) => {
  for (const { code, message } of passwordWeaknesses(password))
    context.addIssue({ code: 'custom', message: sentenceOf(code) ?? message });
});
const person = {
  nom_utilisateur: z
    .string()
    .trim()
    .min(3)
    .max(longestPersonField.username)
    .regex(usernamePattern, 'Lettres, chiffres, « . », « _ » et « - » seulement'),
  email: z.string().trim().max(longestPersonField.email).regex(emailPattern, 'Email invalide'),
  nom: line(longestPersonField.lastName),
  prenom: line(longestPersonField.firstName),
};
const phone = z
  .string()
  .trim()
  .min(1)
  .max(longestPersonField.phone)
  .regex(phonePattern, 'Chiffres, espaces et + . - ( ) seulement')
  .nullish();

const mismatch = { path: ['confirmer_mot_de_passe'], message: 'Les mots de passe ne correspondent pas' };
interface Passwords {
  mot_de_passe?: unknown;
  confirmer_mot_de_passe?: unknown;
}
const match = ({ mot_de_passe, confirmer_mot_de_passe }: Passwords): boolean =>
  tidy(mot_de_passe) === tidy(confirmer_mot_de_passe);
const tidy = (password: unknown): unknown => (typeof password === 'string' ? tidyPassword(password) : password);

/** The dialect's names for the graph's fields of a person. */
const fields = { username: 'nom_utilisateur', lastName: 'nom', firstName: 'prenom', phone: 'telephone' };

const duplicateIsConflict = conflictOnDuplicate(envelope, "Cet email ou ce nom d'utilisateur existe déjà");

export const userRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/utilisateurs',
    section,
    summary: 'Liste des utilisateurs (administrateurs)',
    credential: 'required',
    permission: 'users:write',
    query: PageQuery.extend({ role: Role.optional(), statut: State.optional() }),
    operation: SmartleakproListUsersOperation,
    toVariables: ({ query }) => ({
      ...sliceOf(query),
      filter: {
        search: query.search,
        ...(query.role && { businessRole: businessRoles[query.role] }),
        ...(query.statut && { status: statuses[query.statut] }),
      },
    }),
    response: z.object({ utilisateurs: z.array(User), ...pageShape }),
    toResponse: ({ users: { nodes, totalCount } }, { query }) => ({
      utilisateurs: nodes.map(userOut),
      ...pageOf(query, totalCount),
    }),
  }),
  route({
    method: 'post',
    path: '/utilisateurs',
    section,
    summary: 'Créer un utilisateur (administrateurs)',
    credential: 'required',
    permission: 'users:write',
    body: z
      .object({
        ...person,
        telephone: phone,
        mot_de_passe: newPassword,
        confirmer_mot_de_passe: z.string(),
        role: Role,
        consentement_rgpd: z.literal(true, 'Le consentement est obligatoire'),
      })
      .refine(match, { ...mismatch, when: ({ value }) => bothGiven(value) }),
    operation: SmartleakproCreateUserOperation,
    toVariables: ({ body }) => ({
      input: {
        username: body.nom_utilisateur,
        email: body.email,
        lastName: body.nom,
        firstName: body.prenom,
        phone: body.telephone,
        password: body.mot_de_passe,
        role: businessRoles[body.role],
        hasConsented: body.consentement_rgpd,
      },
    }),
    fields: { ...fields, password: 'mot_de_passe' },
    status: 201,
    response: User,
    toResponse: ({ createUser }) => userOut(createUser.user),
    onProblem: duplicateIsConflict,
    examples: {
      body: {
        nom_utilisateur: 'jdurand',
        email: 'j.durand@example.com',
        nom: 'Durand',
        prenom: 'Jeanne',
        mot_de_passe: 'Motdepasse-1',
        confirmer_mot_de_passe: 'Motdepasse-1',
        role: 'technicien',
        consentement_rgpd: true,
      },
    },
  }),
  route({
    method: 'get',
    path: '/utilisateurs/:id',
    section,
    summary: 'Récupérer un utilisateur par ID (administrateurs)',
    credential: 'required',
    permission: 'users:write',
    params: IdParams,
    operation: SmartleakproReadUserOperation,
    toVariables: ({ params }) => params,
    response: User,
    toResponse: ({ users: { nodes } }) => userOut(found(nodes[0], 'User')),
  }),
  route({
    method: 'put',
    path: '/utilisateurs/:id',
    section,
    summary: 'Mettre à jour un utilisateur : les champs donnés (administrateurs)',
    credential: 'required',
    permission: 'users:write',
    confirms: true,
    params: IdParams,
    body: z
      .object({
        ...z.object(person).partial().shape,
        // People who registered elsewhere may have no family name, and what was read must be accepted again.
        nom: line(longestPersonField.lastName, 0).optional(),
        prenom: line(longestPersonField.firstName, 0).optional(),
        telephone: phone,
        role: Role.optional(),
        statut: State.optional(),
        mot_de_passe: newPassword.optional().meta({ description: "Avec un token d'accès seulement" }),
        confirmer_mot_de_passe: z.string().min(1).optional(),
        mot_de_passe_actuel: z
          .string()
          .min(1)
          .optional()
          .meta({ description: 'Obligatoire pour changer son propre mot de passe' }),
      })
      .refine(match, { ...mismatch, when: ({ value }) => isObject(value) }),
    operation: SmartleakproUpdateUserOperation,
    toVariables: ({ params, body }) => ({
      input: {
        id: params.id,
        username: body.nom_utilisateur,
        email: body.email,
        lastName: body.nom,
        firstName: body.prenom,
        phone: body.telephone,
        newPassword: body.mot_de_passe,
        currentPassword: body.mot_de_passe_actuel,
        ...(body.role && { role: businessRoles[body.role] }),
        ...(body.statut && { status: statuses[body.statut] }),
      },
    }),
    fields: { ...fields, newPassword: 'mot_de_passe', currentPassword: 'mot_de_passe_actuel' },
    response: User,
    toResponse: ({ updateUser }) => userOut(updateUser.user),
    onProblem: duplicateIsConflict,
  }),
  route({
    method: 'delete',
    path: '/utilisateurs/:id',
    section,
    summary: 'Effacer un utilisateur (administrateurs)',
    credential: 'required',
    permission: 'users:write',
    confirms: true,
    params: IdParams,
    operation: SmartleakproDeleteUserOperation,
    toVariables: ({ params }) => params,
  }),
];

// The rule across two fields runs as soon as both are given, so that it is reported with the problems of other fields.
function isObject(value: unknown): value is Passwords {
  return typeof value === 'object' && value !== null;
}
function bothGiven(value: unknown): boolean {
  return isObject(value) && typeof value.mot_de_passe === 'string' && typeof value.confirmer_mot_de_passe === 'string';
}
