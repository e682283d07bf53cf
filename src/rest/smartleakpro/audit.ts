import { z } from 'zod';
import { untilMoment } from '../engine/read-values.js';
import { type Route, route } from '../engine/route.js';
import { SmartleakproListAuditLogsOperation } from './operations.gen.js';

/** A value to filter by; empty: no condition. PostgreSQL stores no U+0000. */
const word = z
  .string()
  .max(200)
  .refine((text) => !text.includes('\0'));

const AuditLog = z
  .object({
    id: z.string(),
    date: z.string(),
    action: z.string(),
    utilisateur_id: z.string().nullable(),
    nom_utilisateur: z.string().nullable(),
    ressource: z.string(),
    ressource_id: z.string().nullable(),
    adresse_ip: z.string().nullable(),
    request_id: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditLog' });

const login = {
  id: '4211',
  date: '2026-02-03T10:00:00Z',
  action: 'user.login',
  utilisateur_id: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
  nom_utilisateur: 'technicien1',
  ressource: 'User',
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
      action: word.optional(),
      utilisateur_id: z.uuid().optional(),
      ressource: word.optional(),
      ressource_id: word.optional(),
      adresse_ip: word.optional(),
      date_debut: z.iso.datetime({ offset: true }).optional(),
      date_fin: untilMoment().optional(),
    }),
    check: ({ query: { ressource, ressource_id } }) =>
      ressource_id && !ressource
        ? [{ name: 'ressource', code: 'required', message: 'Ce champ est obligatoire avec ressource_id' }]
        : [],
    operation: SmartleakproListAuditLogsOperation,
    toVariables: ({
      query: { page, size, action, utilisateur_id, ressource, ressource_id, adresse_ip, date_debut, date_fin },
    }) => ({
      first: size,
      offset: (page - 1) * size,
      filter: {
        type: action || undefined,
        actorId: utilisateur_id,
        subject: ressource ? { type: ressource, id: ressource_id || undefined } : undefined,
        ip: adresse_ip || undefined,
        occurredFrom: date_debut,
        occurredTo: date_fin,
      },
    }),
    fields: { 'filter.occurredFrom': 'date_debut', 'filter.occurredTo': 'date_fin' },
    response: z.object({ logs: z.array(AuditLog), total: z.int(), page: z.int(), size: z.int(), pages: z.int() }),
    toResponse: ({ auditEvents: { nodes, totalCount } }, { query: { page, size } }) => ({
      logs: nodes.map((event) => ({
        id: event.position,
        date: event.occurredAt,
        action: event.type,
        utilisateur_id: event.actor?.uuid ?? null,
        nom_utilisateur: event.actor?.username ?? null,
        ressource: event.subjectType,
        ressource_id: event.subjectId || null,
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
