import { z } from 'zod';
import { fromEnum, toEnum } from '../engine/enum-words.js';
import { untilMoment } from '../engine/read-values.js';
import { type Route, route } from '../engine/route.js';
import { SmartleakproListAuditLogsOperation } from './operations.gen.js';
import { Moment } from './shapes.js';

/** A value to filter by; empty: no condition. PostgreSQL stores no U+0000. */
const word = z
  .string()
  .max(200)
  .refine((text) => !text.includes('\0'));

const Action = z.enum(['create', 'update', 'delete', 'login', 'login_failed']);
type Action = z.infer<typeof Action>;
const isAction = (text: string): text is Action => Action.safeParse(text).success;

/** The dialect's words for the graph's types. */
const resources = new Map([
  ['User', 'utilisateur'],
  ['Appointment', 'planning'],
  ['Report', 'rapport'],
  ['Medium', 'media'],
  ['WebhookEndpoint', 'webhook'],
]);
const subjectTypes = new Map([...resources].map(([type, word]) => [word, type]));

/** Of the others, the graph's `ApiKey` is `api_key` here, as `Client` is `client`. */
const resourceOf = (subjectType: string): string =>
  resources.get(subjectType) ?? subjectType.replace(/(?<=.)(?=[A-Z])/g, '_').toLowerCase();
/** Also the graph's own word, and `user` as in the names of events. */
const subjectTypeOf = (resource: string): string =>
  subjectTypes.get(resource) ?? resource.replace(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase());

const AuditLog = z
  .object({
    id: z.string(),
    date: Moment,
    action: Action,
    evenement: z.string().meta({ description: "Ce qui s'est passé, plus précis que `action`" }),
    utilisateur_id: z.string().nullable(),
    nom_utilisateur: z.string().nullable(),
    resource: z.string(),
    resource_id: z.string().nullable(),
    ressource: z.string().meta({ description: 'Comme `resource`' }),
    ressource_id: z.string().nullable(),
    adresse_ip: z.string().nullable(),
    request_id: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditLog' });

const login = {
  id: '4211',
  date: '2026-02-03T10:00:00Z',
  action: 'login',
  evenement: 'user.login',
  utilisateur_id: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
  nom_utilisateur: 'technicien1',
  resource: 'utilisateur',
  resource_id: '12',
  ressource: 'utilisateur',
  ressource_id: '12',
  adresse_ip: '203.0.113.7',
  request_id: 'req_8d3f5f1d4c0e4f6a9b1c2d3e4f506172',
  details: { kind: 'token' },
};

/** Not in the contract: DECISIONS.md, section 2, adds it in the form of the contract's other lists. */
export const auditRoutes: Route[] = [
  route({
    method: 'get',
    path: '/audit/logs',
    section: 'smartleakpro.md#monitoring',
    summary: "Journal d'audit, le plus récent d'abord (administrateurs)",
    credential: 'required',
    query: z.object({
      page: z.coerce.number().int().min(1).max(1_000_000).default(1),
      size: z.coerce.number().int().min(1).max(100).default(10),
      action: word
        .optional()
        .meta({ description: '`create`, `update`, `delete`, `login`, `login_failed`, ou un événement : `user.login`' }),
      utilisateur_id: z.uuid().optional(),
      resource: word.optional().meta({
        description:
          '`utilisateur`, `client`, `intervention`, `planning`, `rapport`, `media`, `webhook`, `integration`, …',
      }),
      resource_id: word.optional(),
      ressource: word.optional().meta({ description: 'Comme `resource`' }),
      ressource_id: word.optional(),
      adresse_ip: word.optional(),
      date_debut: z.iso.datetime({ offset: true }).optional(),
      date_fin: untilMoment().optional(),
    }),
    check: ({ query: { resource, resource_id, ressource, ressource_id } }) =>
      (resource_id || ressource_id) && !(resource || ressource)
        ? [{ name: resource_id ? 'resource' : 'ressource', code: 'required', message: 'Ce champ est obligatoire' }]
        : [],
    operation: SmartleakproListAuditLogsOperation,
    toVariables: ({ query: { page, size, action, utilisateur_id, adresse_ip, date_debut, date_fin, ...query } }) => {
      const resource = query.resource || query.ressource;
      const id = query.resource_id || query.ressource_id || undefined;
      return {
        first: size,
        offset: (page - 1) * size,
        filter: {
          ...(action && (isAction(action) ? { action: toEnum(action) } : { name: action })),
          actorId: utilisateur_id,
          subject: resource ? { type: subjectTypeOf(resource), id } : undefined,
          ip: adresse_ip || undefined,
          occurredAfter: date_debut,
          occurredBefore: date_fin,
        },
      };
    },
    fields: { 'filter.occurredAfter': 'date_debut', 'filter.occurredBefore': 'date_fin' },
    response: z.object({ logs: z.array(AuditLog), total: z.int(), page: z.int(), size: z.int(), pages: z.int() }),
    toResponse: ({ auditEvents: { nodes, totalCount } }, { query: { page, size } }) => ({
      logs: nodes.map(({ subjectId, ...event }) => ({
        id: event.position,
        date: event.occurredAt,
        action: fromEnum(event.action),
        evenement: event.name,
        utilisateur_id: event.actor?.uuid ?? null,
        nom_utilisateur: event.actor?.username ?? null,
        resource: resourceOf(event.subjectType),
        resource_id: subjectId || null,
        ressource: resourceOf(event.subjectType),
        ressource_id: subjectId || null,
        adresse_ip: event.ip ?? null,
        request_id: event.requestId ?? null,
        details: event.data as Record<string, unknown>,
      })),
      total: totalCount,
      page,
      size,
      pages: Math.ceil(totalCount / size),
    }),
    examples: { response: { logs: [login], total: 1, page: 1, size: 10, pages: 1 } },
  }),
];
