import { z } from 'zod';
import { emailPattern, longestPersonField, phonePattern } from '../../lib/person-rules.js';
import { type Route, route } from '../engine/route.js';
import {
  type SmartleakproClientFragment,
  SmartleakproCreateClientOperation,
  SmartleakproDeleteClientOperation,
  SmartleakproListClientsOperation,
  SmartleakproReadClientOperation,
  SmartleakproUpdateClientOperation,
} from './operations.gen.js';
import { found, IdParams, Moment, NewId, pageOf, PageQuery, pageShape, sliceOf, VersionSeen } from './shapes.js';
import { clientStatus } from './words.js';

const section = 'smartleakpro.md#clients';

const Client = z
  .object({
    id: z.guid(),
    nom: z.string(),
    raison_sociale: z.string().nullable(),
    email: z.string().nullable(),
    telephone: z.string().nullable(),
    adresse: z.string().nullable(),
    contact_principal: z.string().nullable(),
    notes: z.string().nullable(),
    statut: clientStatus.Word,
    version: z.int(),
    date_creation: Moment,
    date_modification: Moment,
  })
  .meta({ id: 'Client' });

const clientOut = (client: SmartleakproClientFragment): z.input<typeof Client> => ({
  id: client.id,
  nom: client.name,
  raison_sociale: client.companyName ?? null,
  email: client.email ?? null,
  telephone: client.phone ?? null,
  adresse: client.address ?? null,
  contact_principal: client.contactName ?? null,
  notes: client.notes ?? null,
  statut: clientStatus.toWord(client.status),
  version: client.version,
  date_creation: client.createdAt,
  date_modification: client.updatedAt,
});

/** What may be said of a client beside its name. */
const facts = {
  raison_sociale: z.string().trim().max(255).nullish(),
  email: z.string().trim().max(longestPersonField.email).regex(emailPattern, 'Email invalide').nullish(),
  telephone: z
    .string()
    .trim()
    .max(20)
    .regex(phonePattern, 'Chiffres, espaces et + . - ( ) seulement')
    .nullish()
    .meta({ description: '20 caractères au plus : chiffres, espaces et + . - ( )' }),
  adresse: z.string().trim().max(1000).nullish(),
  contact_principal: z.string().trim().max(255).nullish(),
  notes: z.string().trim().max(10_000).nullish(),
  statut: clientStatus.Word.optional(),
};

interface ClientBody extends z.output<z.ZodObject<typeof facts>> {
  nom?: string | undefined;
}

const factsOf = (body: ClientBody) => ({
  name: body.nom,
  companyName: body.raison_sociale,
  email: body.email,
  phone: body.telephone,
  address: body.adresse,
  contactName: body.contact_principal,
  notes: body.notes,
  status: clientStatus.toGraph(body.statut),
});

/** The dialect's names for the graph's fields of a client. */
const fields = {
  name: 'nom',
  companyName: 'raison_sociale',
  phone: 'telephone',
  address: 'adresse',
  contactName: 'contact_principal',
  status: 'statut',
};

const readClient = route({
  method: 'get',
  path: '/clients/:id',
  section,
  summary: 'Récupérer un client par ID',
  credential: 'required',
  params: IdParams,
  operation: SmartleakproReadClientOperation,
  toVariables: ({ params }) => params,
  response: Client,
  toResponse: ({ client }) => clientOut(found(client, 'Client')),
});

export const clientRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/clients',
    section,
    summary: 'Liste des clients avec pagination',
    credential: 'required',
    query: PageQuery.extend({ statut: clientStatus.Word.optional().meta({ description: 'Filtrer par statut' }) }),
    operation: SmartleakproListClientsOperation,
    toVariables: ({ query }) => ({
      ...sliceOf(query),
      filter: { search: query.search, status: clientStatus.toGraph(query.statut) },
    }),
    response: z.object({ clients: z.array(Client), ...pageShape }),
    toResponse: ({ clients: { nodes, totalCount } }, { query }) => ({
      clients: nodes.map(clientOut),
      ...pageOf(query, totalCount),
    }),
  }),
  route({
    method: 'post',
    path: '/clients',
    section,
    summary: 'Créer un client',
    credential: 'required',
    body: z.object({ id: NewId, nom: z.string().trim().min(1).max(255), ...facts }),
    operation: SmartleakproCreateClientOperation,
    toVariables: ({ body }) => ({ input: { id: body.id, ...factsOf(body), name: body.nom } }),
    fields,
    status: 201,
    response: Client,
    toResponse: ({ createClient }) => clientOut(createClient.client),
    examples: {
      body: {
        nom: 'Dupont',
        email: 'dupont@example.com',
        telephone: '01 23 45 67 89',
        adresse: '12 rue des Lilas, 75011 Paris',
        statut: 'actif',
      },
    },
  }),
  readClient,
  route({
    method: 'put',
    path: '/clients/:id',
    section,
    summary: 'Mettre à jour un client : les champs donnés',
    credential: 'required',
    params: IdParams,
    // Empty is refused by the graph: a name is not emptied, and not left as it was either.
    body: z.object({ nom: z.string().trim().max(255).optional(), ...facts, version: VersionSeen }),
    operation: SmartleakproUpdateClientOperation,
    toVariables: ({ params, body }) => ({ input: { id: params.id, version: body.version, ...factsOf(body) } }),
    fields,
    response: Client,
    toResponse: ({ updateClient }) => clientOut(updateClient.client),
    current: readClient,
  }),
  route({
    method: 'delete',
    path: '/clients/:id',
    section,
    summary: 'Supprimer un client : à la corbeille, avec ses interventions, rendez-vous, médias et rapports',
    credential: 'required',
    params: IdParams,
    operation: SmartleakproDeleteClientOperation,
    toVariables: ({ params }) => params,
  }),
];
