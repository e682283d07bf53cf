import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
let manager: Person;
beforeAll(async () => {
  server = await startTestServer();
  manager = await server.person({ roles: ['manager'] });
});
afterAll(() => server?.stop());

/** Runs a mutation; throws what went wrong, with the extensions of the error. */
async function change(name: string, input: object, selection: string, by: Person): Promise<any> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`;
  const { data, errors } = await server.graphql(query, { input }, by.token);
  if (errors) throw Object.assign(new Error(errors[0].message), errors[0].extensions);
  return data[name];
}

const person = 'user { firstName lastName phone version }';
const draft = 'invoice { id status currency dueDate version lines { description } }';
const item = (description: string) => ({ description, quantity: 1, unitPrice: 10, vatRate: 20 });
const makeDraft = async (): Promise<string> =>
  (await change('createInvoice', { customerId: String(manager.id), items: [item('Pose')] }, draft, manager)).invoice.id;

const stale = (version: number, changed: string[]) => ({
  code: 'CONFLICT',
  reason: 'stale_version',
  details: { version, changed },
});

test('a draft: an old version is a conflict that says what changed, of an edit as of its issue', async () => {
  const id = await makeDraft();
  const update = async (input: object): Promise<any> =>
    (await change('updateInvoice', { id, ...input }, draft, manager)).invoice;
  expect(await update({ version: 1, currency: 'USD' })).toMatchObject({ version: 2, currency: 'USD' });
  expect(await update({ items: [item('Dépose')], dueDate: '2099-01-01' })).toMatchObject({ version: 3 });
  await expect(update({ version: 1, items: [item('Autre')] })).rejects.toMatchObject(
    stale(3, ['currency', 'dueDate', 'items']),
  );
  const issued = { id, version: 2 };
  await expect(change('issueInvoice', issued, draft, manager)).rejects.toMatchObject(stale(3, ['dueDate', 'items']));
  await expect(update({ version: 2, status: 'ISSUED' })).rejects.toMatchObject(stale(3, ['dueDate', 'items']));
  await expect(update({ version: 9, currency: 'EUR' })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    fields: [expect.objectContaining({ path: ['input', 'version'], code: 'too_large' })],
  });
  expect(await update({ version: 3, currency: 'EUR' })).toMatchObject({
    status: 'DRAFT',
    version: 4,
    lines: [{ description: 'Dépose' }],
  });
  const { invoice } = await change('issueInvoice', { id, version: 4 }, draft, manager);
  expect(invoice).toMatchObject({ status: 'ISSUED', version: 4 });
});

test('a profile: an old version is a conflict that says what changed; rights and state have no part in it', async () => {
  const someone = await server.person();
  const id = String(someone.id);
  const update = async (input: object, by = someone): Promise<any> =>
    (await change('updateUser', { id, ...input }, person, by)).user;
  expect(await update({ version: 1, phone: '04 78 00 00 00' })).toMatchObject({ version: 2 });
  expect(await update({ version: 2, phone: '04 78 00 00 00' })).toMatchObject({ version: 2 });
  expect(await update({ firstName: 'Zoé', role: 'MANAGER' }, server.admin)).toMatchObject({ version: 3 });
  await expect(update({ version: 2, lastName: 'Martin' })).rejects.toMatchObject(stale(3, ['firstName']));
  // All or nothing: no part of it was done.
  await expect(update({ version: 2, role: 'ADMIN' }, server.admin)).rejects.toMatchObject(stale(3, ['firstName']));
  const { data } = await server.graphql('{ viewer { firstName lastName roles { name } } }', {}, someone.token);
  expect(data.viewer).toMatchObject({ firstName: 'Zoé', roles: expect.not.arrayContaining([{ name: 'admin' }]) });
  await expect(update({ version: 9, lastName: 'Martin' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  expect(await update({ version: 3, lastName: 'Martin' })).toMatchObject({ lastName: 'Martin', version: 4 });
});

test('what documents are filed by: an old version is a conflict that says what changed', async () => {
  const { admin } = server;
  const kinds: [name: string, made: object, first: object, second: object][] = [
    ['tag', { name: 'Bail' }, { name: 'Baux', color: '#112233' }, { match: 'bail', matchingAlgorithm: 'ANY' }],
    ['documentType', { code: 'BAIL', label: 'Bail' }, { label: 'Baux' }, { code: 'BAUX' }],
    ['correspondent', { name: 'Orpi' }, { name: 'Orpi Lyon' }, { match: 'orpi', matchingAlgorithm: 'ANY' }],
    ['customField', { name: 'Étage', kind: 'CHOICE', choices: ['1'] }, { choices: ['1', '2'] }, { isRequired: true }],
  ];
  for (const [name, made, first, second] of kinds) {
    const type = name.charAt(0).toUpperCase() + name.slice(1);
    const selection = `${name} { id version }`;
    const { id, version } = (await change(`create${type}`, made, selection, admin))[name];
    expect(version).toBe(1);
    const update = async (input: object): Promise<any> =>
      (await change(`update${type}`, { id, ...input }, selection, admin))[name];
    expect(await update({ version: 1, ...first })).toMatchObject({ version: 2 });
    // What is as it was changes nothing.
    expect(await update({ version: 2, ...first })).toMatchObject({ version: 2 });
    expect(await update(second)).toMatchObject({ version: 3 });
    await expect(update({ version: 1, ...second })).rejects.toMatchObject(
      stale(3, Object.keys({ ...first, ...second }).toSorted()),
    );
    await expect(update({ version: 2, ...first })).rejects.toMatchObject(stale(3, Object.keys(second).toSorted()));
    await expect(update({ version: 9, ...first })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  }
});

test('of several who write on the same version at once one is written, and the others are told', async () => {
  const invoice = await makeDraft();
  const someone = await server.person();
  const { tag } = await change('createTag', { name: 'Course' }, 'tag { id }', server.admin);
  const writers = Array.from({ length: 6 }, (_, n) => n);
  const races: ((n: number) => Promise<any>)[] = [
    (n) => change('updateInvoice', { id: invoice, version: 1, items: [item(`Pose ${n}`)] }, draft, manager),
    (n) => change('updateUser', { id: String(someone.id), version: 1, phone: `04 78 00 00 0${n}` }, person, someone),
    (n) => change('updateTag', { id: tag.id, version: 1, name: `Course ${n}` }, 'tag { id }', server.admin),
  ];
  for (const write of races) {
    const outcomes = await Promise.allSettled(writers.map(write));
    const won = outcomes.filter(({ status }) => status === 'fulfilled');
    const lost = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.reason] : []));
    expect([won.length, lost]).toEqual([1, Array.from({ length: 5 }, () => 'stale_version')]);
  }
});
