import { z } from 'zod';
import { type Route, route } from '../engine/route.js';
import { SmartleakproAnonymizeOperation } from './operations.gen.js';

/** What stays of a client, by the graph's word for it. */
const keptOfClient: Readonly<Record<string, (count: number) => string>> = {
  email: () => "L'adresse e-mail, qui distingue le client des autres",
  interventions: (count) =>
    `${plural(count, 'intervention')}, avec leurs textes, signatures, photos et rapports tels quels : ils disent ce ` +
    'qui a été fait',
  appointments: (count) =>
    `${plural(count, 'rendez-vous', 'rendez-vous')}, avec leurs notes ou ce que le client a écrit : ils disent ce ` +
    'qui a été convenu',
  invoices: (count) => `${plural(count, 'facture émise', 'factures émises')}, que la loi fait garder dix ans`,
};
const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count > 1 ? many : one}`;

/** CONSUMERS.md, section 1, « cross-cutting »: what is kept of a person is anonymised, as an erasure does it. */
export const privacyRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/rgpd/anonymize',
    section: 'CONSUMERS.md#1-smartleakpro',
    summary: "Anonymiser les données d'une personne ou d'un client, sans retour (administrateurs)",
    credential: 'required',
    permission: 'users:write',
    confirms: true,
    body: z.object({
      resource_type: z
        .enum(['utilisateur', 'user', 'client'])
        .meta({ description: 'De quoi `resource_id` est le numéro' }),
      resource_id: z.string().max(100).meta({ description: 'UUID', format: 'uuid' }),
    }),
    operation: SmartleakproAnonymizeOperation,
    toVariables: ({ body }) => ({ id: body.resource_id, isClient: body.resource_type === 'client' }),
    response: z
      .object({
        message: z.string(),
        conserve: z.array(z.string()).meta({ description: 'Ce que la loi ou le travail fait garder, et pourquoi' }),
      })
      .meta({ id: 'Anonymisation' }),
    toResponse: ({ deleteUser, anonymizeClient }) => ({
      message: 'Données anonymisées avec succès',
      conserve:
        deleteUser?.kept ??
        (anonymizeClient?.remains ?? []).map(({ what, count }) => keptOfClient[what]?.(count) ?? what),
    }),
    examples: {
      body: { resource_type: 'client', resource_id: '5b2ad1a4-3f0e-4d1c-9a55-0f6a1c1f8a11' },
      response: {
        message: 'Données anonymisées avec succès',
        conserve: ["L'adresse e-mail, qui distingue le client des autres"],
      },
    },
  }),
];
