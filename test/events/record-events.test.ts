import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { nodeIdOf } from '../../src/lib/node-id.js';
import { makePng } from '../support/files.js';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
let manager: Person;
/** Reads what happens at clients, and documents. */
let reader: Person;
beforeAll(async () => {
  server = await startTestServer();
  manager = await server.person({ roles: ['manager'] });
  reader = await server.person({ roles: ['lecteur'] });
});
afterAll(() => server?.stop());

/** Runs a mutation `name` with its input; answers the id of what it made or changed. */
async function change(name: string, input: object, by = manager): Promise<string> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const field = /[A-Z].*/.exec(name)![0];
  const thing = `${field.charAt(0).toLowerCase()}${field.slice(1)}`;
  const selection = name.startsWith('delete') ? 'deletedId' : `${thing} { id }`;
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`;
  const { data, errors } = await server.graphql(query, { input }, by.token);
  if (errors) throw new Error(errors[0].message);
  return data[name].deletedId ?? data[name][thing].id;
}

const position = async (): Promise<string> =>
  (await server.graphql('{ position }', {}, manager.token)).data.position as string;

/** What a subscription tells a person after a position, up to the event that `isLast` finds; throws its error. */
async function heard(
  { token }: Person,
  field: string,
  {
    after,
    selection,
    args = '',
    isLast,
  }: { after: string; selection: string; args?: string; isLast: (event: any) => boolean },
): Promise<any[]> {
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  const query = `subscription ($after: Position) { ${field}(after: $after${args}) { name ${selection} } }`;
  const events: any[] = [];
  try {
    for await (const { data, errors } of client.iterate({ query, variables: { after } })) {
      if (errors) throw Object.assign(new Error(errors[0]!.message), errors[0]!.extensions);
      events.push((data as any)[field]);
      if (isLast(events.at(-1))) break;
    }
  } finally {
    await client.dispose();
  }
  return events;
}

const last = (name: string) => (event: { name: string }) => event.name === name;
const refused = { code: 'FORBIDDEN' };

test('clients: each change is heard by whoever may read clients, with the client as it is now', async () => {
  const after = await position();
  const id = await change('createClient', { name: 'Boulangerie du Canal' });
  const other = await change('createClient', { name: 'Autre' });
  await change('updateClient', { id, phone: '04 78 00 00 00' });
  await change('deleteClient', { id: other });
  await change('restoreClient', { id: other });
  await change('deleteClient', { id });
  const options = {
    after,
    selection: 'clientId fields client { name }',
    isLast: (event: any) => event.clientId === id && event.name === 'client.deleted',
  };
  expect(await heard(reader, 'clientEvents', options)).toEqual([
    { name: 'client.created', clientId: id, fields: [], client: null },
    { name: 'client.created', clientId: other, fields: [], client: { name: 'Autre' } },
    { name: 'client.updated', clientId: id, fields: ['phone'], client: null },
    { name: 'client.deleted', clientId: other, fields: [], client: { name: 'Autre' } },
    { name: 'client.restored', clientId: other, fields: [], client: { name: 'Autre' } },
    { name: 'client.deleted', clientId: id, fields: [], client: null },
  ]);
  const one = await heard(reader, 'clientEvents', { ...options, args: `, clientId: "${id}"` });
  expect(one.map(({ name }) => name)).toEqual(['client.created', 'client.updated', 'client.deleted']);
  await expect(heard(await server.person(), 'clientEvents', options)).rejects.toMatchObject(refused);
});

test('files and contracts: heard by whoever may read them, until the role is taken away', async () => {
  const clientId = await change('createClient', { name: 'Martin' });
  const interventionId = await change('createIntervention', {
    clientId,
    kind: 'REPAIR',
    scheduledAt: '2026-03-02T08:00:00Z',
  });
  const after = await position();
  const body = new FormData();
  const query = 'mutation ($input: UploadMediumInput!) { uploadMedium(input: $input) { medium { id } } }';
  body.set('operations', JSON.stringify({ query, variables: { input: { interventionId, file: null } } }));
  body.set('map', JSON.stringify({ 0: ['variables.input.file'] }));
  body.set('0', new Blob([new Uint8Array(makePng({ widthPx: 8, grey: 90 }))]), 'compteur.png');
  const headers = { 'apollo-require-preflight': 'yes' };
  const { json } = await server.request('POST', '/graphql', { token: manager.token, body, headers });
  const { id } = json.data.uploadMedium.medium;
  await change('updateMedium', { id, description: 'Le compteur' });
  await change('deleteMedium', { id });
  const media = { after, selection: 'mediumId interventionId fields', isLast: last('media.deleted') };
  expect(await heard(reader, 'mediumEvents', media)).toEqual([
    { name: 'media.uploaded', mediumId: id, interventionId, fields: [] },
    { name: 'media.updated', mediumId: id, interventionId, fields: ['description'] },
    { name: 'media.deleted', mediumId: id, interventionId, fields: [] },
  ]);

  const contract = await change('createMaintenanceContract', {
    clientId,
    title: 'Entretien',
    kind: 'MAINTENANCE',
    frequency: 'YEARLY',
    startDate: '2026-02-03',
    visitTime: '09:00',
    visitMinutes: 60,
    isActive: false,
  });
  await change('updateMaintenanceContract', { id: contract, title: 'Entretien annuel' });
  await change('deleteMaintenanceContract', { id: contract });
  const contracts = {
    after,
    selection: 'maintenanceContractId clientId',
    isLast: last('maintenance_contract.deleted'),
  };
  expect(await heard(reader, 'maintenanceContractEvents', contracts)).toEqual(
    ['created', 'updated', 'deleted'].map((what) => ({
      name: `maintenance_contract.${what}`,
      maintenanceContractId: contract,
      clientId,
    })),
  );
  const nobody = await server.person();
  await expect(heard(nobody, 'mediumEvents', media)).rejects.toMatchObject(refused);
  await expect(heard(nobody, 'maintenanceContractEvents', contracts)).rejects.toMatchObject(refused);

  // It was allowed when the subscription began, and is asked again at each event.
  const formerly = await server.person({ roles: ['user', 'lecteur'] });
  const told: string[] = [];
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${formerly.token}` },
    retryAttempts: 0,
  });
  const listening = (async () => {
    for await (const { data } of client.iterate({ query: 'subscription { clientEvents { client { name } } }' }))
      told.push((data as any).clientEvents.client.name);
  })().catch(() => undefined);
  const isOpen = async (): Promise<boolean> =>
    (await server.graphql('{ openSubscriptions { user { id } } }', {}, server.admin.token)).data.openSubscriptions.some(
      ({ user }: any) => user?.id === String(formerly.id),
    );
  await expect.poll(isOpen, { timeout: 20_000 }).toBe(true);
  await change('createClient', { name: 'Avant' });
  await expect.poll(() => told, { timeout: 20_000 }).toEqual(['Avant']);
  await server.sql(
    `delete from role_assignments where user_id = ? and role_id = (select id from roles where name = 'lecteur')`,
    [formerly.id],
  );
  const from = await position();
  const id2 = await change('createClient', { name: 'Après' });
  await heard(reader, 'clientEvents', {
    after: from,
    selection: 'clientId',
    isLast: (event) => event.clientId === id2,
  });
  await client.dispose();
  await listening;
  expect(told).toEqual(['Avant']);
});

test('filing: what everybody files by is heard by all who may read; a view by its owner, and by all while it is shared', async () => {
  const after = await position();
  const tag = await change('createTag', { name: 'Banque' });
  await change('updateTag', { id: tag, name: 'Banques' });
  const type = await change('createDocumentType', { code: 'BAIL_EVT', label: 'Bail' });
  const correspondent = await change('createCorrespondent', { name: 'SNCF' });
  const field = await change('createCustomField', { name: 'Dossier', kind: 'TEXT' });
  const view = await change('createSavedView', { name: 'À payer', filter: {} });
  await change('updateSavedView', { id: view, name: 'À payer vite' });
  await change('updateSavedView', { id: view, isShared: true });
  await change('updateSavedView', { id: view, isShared: false });
  await change('updateSavedView', { id: view, name: 'Privée' });
  await change('deleteSavedView', { id: view });
  await change('deleteTag', { id: tag });
  const options = { after, selection: 'subjectId subjectNodeId', isLast: last('tag.deleted') };
  const said = async (person: Person): Promise<string[]> =>
    (await heard(person, 'filingEvents', options)).map(({ name, subjectId }) => `${name} ${subjectId}`);
  const filed = [
    `tag.created ${tag}`,
    `tag.updated ${tag}`,
    `document_type.created ${type}`,
    `correspondent.created ${correspondent}`,
    `custom_field.created ${field}`,
  ];
  const changed = `saved_view.updated ${view}`;
  expect(await said(manager)).toEqual([
    ...filed,
    `saved_view.created ${view}`,
    changed,
    changed,
    changed,
    changed,
    `saved_view.deleted ${view}`,
    `tag.deleted ${tag}`,
  ]);
  // Only that it was taken from everybody: by now they see none of it.
  expect(await said(reader)).toEqual([...filed, changed, `tag.deleted ${tag}`]);

  const from = await position();
  const shared = await change('createSavedView', { name: 'Pour tous', filter: {}, isShared: true });
  const isOfIt = ({ subjectNodeId }: any): boolean => subjectNodeId === nodeIdOf('SavedView', shared);
  const told = await heard(reader, 'filingEvents', { ...options, after: from, isLast: isOfIt });
  const { data } = await server.graphql(
    'query ($id: ID!) { node(nodeId: $id) { ... on SavedView { name } } }',
    { id: told.at(-1).subjectNodeId },
    reader.token,
  );
  expect(data.node).toEqual({ name: 'Pour tous' });
});
