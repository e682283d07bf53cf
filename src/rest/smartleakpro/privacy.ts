import { z } from 'zod';
import { type Route, route } from '../engine/route.js';
import { SmartleakproAnonymizeUserOperation } from './operations.gen.js';

/** CONSUMERS.md, section 1, « cross-cutting »: what is kept of a person is anonymised, as an erasure does it. */
export const privacyRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/rgpd/anonymize',
    section: 'CONSUMERS.md#1-smartleakpro',
    summary: "Anonymiser les données d'une personne (administrateurs)",
    credential: 'required',
    permission: 'users:write',
    confirms: true,
    body: z.object({
      resource_type: z.enum(['utilisateur', 'user']).meta({ description: 'De quoi `resource_id` est le numéro' }),
      resource_id: z.string().max(100).meta({ description: 'UUID', format: 'uuid' }),
    }),
    operation: SmartleakproAnonymizeUserOperation,
    toVariables: ({ body }) => ({ id: body.resource_id }),
    response: z
      .object({
        message: z.string(),
        conserve: z.array(z.string()).meta({ description: 'Ce que la loi fait garder, et pourquoi' }),
      })
      .meta({ id: 'Anonymisation' }),
    toResponse: ({ deleteUser: { kept } }) => ({ message: 'Données anonymisées avec succès', conserve: kept }),
    examples: {
      body: { resource_type: 'utilisateur', resource_id: '5b2ad1a4-3f0e-4d1c-9a55-0f6a1c1f8a11' },
      response: { message: 'Données anonymisées avec succès', conserve: [] },
    },
  }),
];
