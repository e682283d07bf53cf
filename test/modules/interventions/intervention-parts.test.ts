import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeClient, makeIntervention } from '../../support/fieldwork.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';
import { statementsOf } from '../../support/sql-log.js';

let server: TestServer;
let technician: Person;
let manager: Person;
let reader: Person;
let clientId: string;
beforeAll(async () => {
  server = await startTestServer();
  technician = await server.person({ roles: ['technicien'] });
  manager = await server.person({ roles: ['manager'] });
  reader = await server.person({ roles: ['lecteur'] });
  clientId = await makeClient(server);
});
afterAll(() => server?.stop());

type Result = { data: any; errors?: any[] };
const run = (query: string, variables: object = {}, { token }: Person = technician): Promise<Result> =>
  server.graphql(query, variables, token);
/** Runs a mutation called `name` and returns its payload. */
async function change(name: string, input: object, selection: string, person?: Person): Promise<any> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`;
  const { data, errors } = await run(
    `mutation ($input: ${type}) { ${name}(input: $input) { ${selection} } }`,
    { input },
    person,
  );
  if (errors)
    return errors.map(
      ({ extensions: { code, reason, fields } }) =>
        reason ?? fields?.map((f: any) => f.path.slice(1).join('.')) ?? code,
    )[0];
  return data[name];
}
const intervention = async (id: string, selection: string): Promise<any> => {
  const { data, errors } = await run(`query ($id: ID!) { intervention(id: $id) { ${selection} } }`, { id });
  expect(errors).toBeUndefined();
  return data.intervention;
};
const plan = (input: object = {}): Promise<string> => makeIntervention(server, technician, { clientId, ...input });
const lastEvent = async (id: string): Promise<any> =>
  (await server.sql('select type, data from events where subject_id = ? order by id desc limit 1', [id]))[0];

test('a checklist keeps its order, and who did what when', async () => {
  const id = await plan();
  const words = ['Couper l’eau', 'Sonder', 'Remettre'];
  const own = 'c0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11';
  const items = words.map((label, i) => ({ label, ...(i === 1 && { id: own, note: 'Deux points' }) }));
  const made = await change(
    'createChecklistItems',
    { interventionId: id, items },
    'checklistItems { id position label note isDone }',
  );
  expect(made.checklistItems.map(({ position, label }: any) => [position, label])).toEqual(
    words.map((w, i) => [i + 1, w]),
  );
  expect(await lastEvent(id)).toMatchObject({
    type: 'intervention.updated',
    data: { version: 1, fields: ['checklist'] },
  });
  // Sent again: nothing new.
  const again = await change(
    'createChecklistItems',
    { interventionId: id, items: [items[1]] },
    'checklistItems { id position }',
  );
  expect(again.checklistItems).toEqual([{ id: own, position: 2 }]);
  expect(
    await change('createChecklistItems', { interventionId: id, items: [items[1]] }, 'checklistItems { id }', manager),
  ).toBe('id_taken');

  const done = await change(
    'updateChecklistItem',
    { id: own, isDone: true },
    'checklistItem { isDone doneAt doneBy { id } note }',
    manager,
  );
  expect(done.checklistItem).toEqual({
    isDone: true,
    doneAt: expect.any(String),
    doneBy: { id: String(manager.id) },
    note: 'Deux points',
  });
  // The first who did it has done it.
  await change('updateChecklistItem', { id: own, isDone: true, note: null }, 'checklistItem { id }');
  const [row] = await server.sql('select done_by_id as by, note from checklist_items where id = ?', [own]);
  expect(row).toEqual({ by: manager.id, note: null });
  await change('updateChecklistItem', { id: own, isDone: false }, 'checklistItem { id }');
  expect(await server.sql('select is_done, done_at, done_by_id from checklist_items where id = ?', [own])).toEqual([
    { is_done: false, done_at: null, done_by_id: null },
  ]);

  const labels = async (): Promise<string[]> =>
    (await intervention(id, 'checklist { label }')).checklist.map((i: any) => i.label);
  const place = (which: string, position: number): Promise<any> =>
    change('updateChecklistItem', { id: which, position }, 'checklistItem { position }');
  expect((await place(own, 1)).checklistItem.position).toBe(1);
  expect(await labels()).toEqual(['Sonder', 'Couper l’eau', 'Remettre']);
  expect((await place(own, 99)).checklistItem.position).toBe(3);
  expect(await labels()).toEqual(['Couper l’eau', 'Remettre', 'Sonder']);
  await place(made.checklistItems[2].id, 2);
  expect(await labels()).toEqual(['Couper l’eau', 'Remettre', 'Sonder']);
  expect((await change('deleteChecklistItem', { id: own }, 'deletedId')).deletedId).toBe(own);
  expect(await change('deleteChecklistItem', { id: own }, 'deletedId')).toBe('NOT_FOUND');
  expect(await labels()).toEqual(['Couper l’eau', 'Remettre']);
  expect(
    await change(
      'createChecklistItems',
      { interventionId: id, items: [{ label: ' ' }, { label: 'x'.repeat(501) }] },
      'checklistItems { id }',
    ),
  ).toEqual(['items.0.label', 'items.1.label']);
  const many = Array.from({ length: 100 }, (_, i) => ({ label: String(i) }));
  await change('createChecklistItems', { interventionId: id, items: many.slice(2) }, 'checklistItems { id }');
  await change('createChecklistItems', { interventionId: id, items: many }, 'checklistItems { id }');
  expect(
    await change(
      'createChecklistItems',
      { interventionId: id, items: [{ label: 'une de trop' }] },
      'checklistItems { id }',
    ),
  ).toBe('too_many');
});

test('hours and material add up exactly', async () => {
  const id = await plan();
  const entry = { interventionId: id, workDate: '2026-02-03', minutes: 90 };
  const own = await change('createWorkEntry', entry, 'workEntry { id technician technicianUser { id } minutes }');
  expect(own.workEntry).toMatchObject({
    technician: technician.username,
    technicianUser: { id: String(technician.id) },
  });
  const other = await change(
    'createWorkEntry',
    { ...entry, technician: 'Sous-traitant', workDate: '2026-02-01', note: 'Fouille' },
    'workEntry { id }',
  );
  await change('updateWorkEntry', { id: other.workEntry.id, minutes: 45, note: null }, 'workEntry { id }');
  const parts = [
    { label: 'Raccord', reference: 'R-12', quantity: '0.333', unitPrice: '0.05' },
    { label: 'Tube', quantity: 3, unitPrice: 19.99 },
    { label: 'Filasse', quantity: 1 },
  ];
  const totals = [];
  for (const part of parts)
    totals.push((await change('createUsedPart', { interventionId: id, ...part }, 'usedPart { id total }')).usedPart);
  expect(totals.map(({ total }) => total)).toEqual([0.02, 59.97, null]);
  const whole = await intervention(
    id,
    'workedMinutes partsTotal workEntries { workDate minutes note } usedParts { label quantity unitPrice total }',
  );
  expect(whole).toEqual({
    workedMinutes: 135,
    partsTotal: 59.99,
    workEntries: [
      { workDate: '2026-02-01', minutes: 45, note: null },
      { workDate: '2026-02-03', minutes: 90, note: null },
    ],
    usedParts: [
      { label: 'Raccord', quantity: 0.333, unitPrice: 0.05, total: 0.02 },
      { label: 'Tube', quantity: 3, unitPrice: 19.99, total: 59.97 },
      { label: 'Filasse', quantity: 1, unitPrice: null, total: null },
    ],
  });
  await change('updateUsedPart', { id: totals[1].id, unitPrice: null }, 'usedPart { id }');
  await change('deleteUsedPart', { id: totals[0].id }, 'deletedId');
  await change('deleteWorkEntry', { id: own.workEntry.id }, 'deletedId');
  expect(await intervention(id, 'workedMinutes partsTotal')).toEqual({ workedMinutes: 45, partsTotal: 0 });
  expect(await intervention(await plan(), 'workedMinutes partsTotal')).toEqual({ workedMinutes: 0, partsTotal: 0 });
  expect(
    await change(
      'createWorkEntry',
      { ...entry, minutes: 0, workDate: '1800-01-01', note: 'x'.repeat(2001) },
      'workEntry { id }',
    ),
  ).toEqual(['minutes', 'workDate', 'note']);
  for (const wrong of [{ quantity: 0 }, { quantity: '1.0001' }, { quantity: 1e9 }])
    expect(await change('createUsedPart', { interventionId: id, label: 'x', ...wrong }, 'usedPart { id }')).toEqual([
      'quantity',
    ]);
  for (const unitPrice of [-1, 0.001])
    expect(
      await change('createUsedPart', { interventionId: id, label: 'x', quantity: 1, unitPrice }, 'usedPart { id }'),
    ).toEqual(['unitPrice']);
});

test('several work at one, and one continues another of the same client', async () => {
  const first = await plan({ otherTechnicians: [technician.username, 'Apprenti', 'apprenti', ' '] });
  expect(await intervention(first, 'otherTechnicians { position name user { id } }')).toEqual({
    otherTechnicians: [
      { position: 1, name: technician.username, user: { id: String(technician.id) } },
      { position: 2, name: 'Apprenti', user: null },
    ],
  });
  const update = (input: object): Promise<any> => change('updateIntervention', input, 'intervention { version }');
  expect((await update({ id: first, otherTechnicians: ['Apprenti'] })).intervention.version).toBe(2);
  expect((await lastEvent(first)).data.fields).toEqual(['otherTechnicians']);
  expect((await update({ id: first, otherTechnicians: ['Apprenti'] })).intervention.version).toBe(2);
  expect((await update({ id: first, location: 'Cave' })).intervention.version).toBe(3);
  expect((await intervention(first, 'otherTechnicians { name }')).otherTechnicians).toEqual([{ name: 'Apprenti' }]);

  const second = await plan({ followsId: first.toUpperCase() });
  const third = await plan({ followsId: second });
  expect(await intervention(second, 'follows { id } followUps { nodes { id } totalCount }')).toEqual({
    follows: { id: first },
    followUps: { nodes: [{ id: third }], totalCount: 1 },
  });
  expect(await update({ id: first, followsId: third })).toEqual(['followsId']);
  expect(await update({ id: first, followsId: first })).toEqual(['followsId']);
  const elsewhere = await makeIntervention(server, technician, { clientId: await makeClient(server, 'Martin') });
  expect(await update({ id: first, followsId: elsewhere })).toEqual(['followsId']);
  expect(await update({ id: first, followsId: 'x' })).toEqual(['followsId']);
  expect((await update({ id: second, followsId: null })).intervention.version).toBe(2);
});

test('what belongs to an intervention is seen and changed with it, and is gone with it', async () => {
  const id = await plan();
  const { inspection } = await change(
    'createInspection',
    { interventionId: id, kind: 'ACOUSTIC', result: 'Fuite' },
    'inspection { id kind status }',
  );
  expect(inspection).toMatchObject({ kind: 'ACOUSTIC', status: 'DONE' });
  const items = [{ label: 'Sonder' }];
  const { checklistItems } = await change(
    'createChecklistItems',
    { interventionId: id, items },
    'checklistItems { id nodeId }',
  );
  expect(await change('updateInspection', { id: inspection.id, result: 'x' }, 'inspection { id }', reader)).toBe(
    'permission',
  );
  expect(
    (
      await change(
        'updateInspection',
        { id: inspection.id, observations: 'Au coude' },
        'inspection { result observations }',
      )
    ).inspection,
  ).toEqual({
    result: 'Fuite',
    observations: 'Au coude',
  });
  expect(
    await change('updateInspection', { id: inspection.id, latitude: 91, longitude: 1 }, 'inspection { id }'),
  ).toEqual(['latitude']);
  await server.sql(`update interventions set deleted_at = now() where id = ?`, [id]);
  expect(await change('updateInspection', { id: inspection.id, result: 'x' }, 'inspection { id }')).toBe('NOT_FOUND');
  expect(await change('updateChecklistItem', { id: checklistItems[0].id, isDone: true }, 'checklistItem { id }')).toBe(
    'NOT_FOUND',
  );
  expect(
    await change('createWorkEntry', { interventionId: id, workDate: '2026-02-03', minutes: 1 }, 'workEntry { id }'),
  ).toBe('NOT_FOUND');
  const { data } = await run('query ($nodeId: ID!) { node(nodeId: $nodeId) { __typename } }', {
    nodeId: checklistItems[0].nodeId,
  });
  expect(data.node).toBeNull();
});

test('clients with their interventions and all that belongs to these take a statement a level', async () => {
  const query = (first: number): string => `{ clients(first: ${first}) { nodes { name interventions(first: 5) { nodes {
    kind client { name } otherTechnicians { name } statusHistory { toStatus } checklist { label } inspections { result }
    workEntries { minutes } usedParts { label } follows { id } followUps(first: 2) { nodes { id } } } } } } }`;
  for (let i = 0; i < 6; i += 1) {
    const at = await makeClient(server, `Client${i}`);
    for (let j = 0; j < 3; j += 1)
      await makeIntervention(server, technician, { clientId: at, otherTechnicians: ['A', 'B'] });
  }
  for (const first of [2, 8]) {
    const statements = await statementsOf(server, async () => {
      const { errors } = await run(query(first));
      expect(errors).toBeUndefined();
    });
    // Clients; interventions; their seven lists.
    expect(statements).toHaveLength(9);
  }
});
