import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testPlugin } from '@passerelle/plugin/testing';
import plugin from '../index.js';

/** A graph that runs the one root field of each operation of the dialect by the plugin's own resolvers. */
const start = () => {
  const host = testPlugin(plugin, {
    settings: { serviceEvery: 20_000 },
    graph: async (operation, variables) => {
      const [, kind, field] = /^(query|mutation)[^{]*\{\s*(\w+)/.exec(operation);
      const type = kind === 'query' ? 'Query' : 'Mutation';
      return { [field]: await host.resolve(type, field, { args: variables }) };
    },
  });
  return host;
};

const van = { immatriculation: 'ab-123-cd', modele: 'Kangoo', kilometrage: 5_000 };

test('the garage adds a vehicle and reads its counter', async () => {
  const host = start();
  const added = await host.dialect('POST', '/vehicules', { body: van });
  assert.deepEqual(added, {
    status: 201,
    json: { id: 1, immatriculation: 'AB-123-CD', modele: 'Kangoo', kilometrage: 5_000, revision_due: false },
  });
  const read = await host.dialect('PUT', '/vehicules/1/kilometrage', { body: { kilometrage: 25_000 } });
  assert.equal(read.json.revision_due, true);
  assert.deepEqual(
    host.emitted.map(({ type, subjectId }) => [type, subjectId]),
    [['service_due', '1']],
  );
  const due = await host.dialect('GET', '/vehicules', { query: { revision_due: true } });
  assert.equal(due.json.total, 1);
  assert.deepEqual(await host.action('report_services'), { due: ['AB-123-CD'] });
  const serviced = await host.dialect('PUT', '/vehicules/1/kilometrage', {
    body: { kilometrage: 25_000, revision_faite: true },
  });
  assert.equal(serviced.json.revision_due, false);
});

test('all problems of a vehicle are told at once, and a plate is taken once', async () => {
  const host = start();
  await assert.rejects(host.dialect('POST', '/vehicules', { body: { immatriculation: '?', modele: ' ' } }), {
    code: 'BAD_USER_INPUT',
    fields: [
      { path: ['input', 'plate'], message: 'is a plate such as AB-123-CD' },
      { path: ['input', 'model'], message: 'has 1 to 100 characters' },
    ],
  });
  await host.dialect('POST', '/vehicules', { body: van });
  await assert.rejects(host.dialect('POST', '/vehicules', { body: van }), { code: 'CONFLICT' });
});

test('a counter does not run backwards, and what is gone is not found', async () => {
  const host = start();
  await host.dialect('POST', '/vehicules', { body: van });
  const back = host.dialect('PUT', '/vehicules/1/kilometrage', { body: { kilometrage: 4_999 } });
  await assert.rejects(back, { code: 'BAD_USER_INPUT' });
  assert.deepEqual(await host.dialect('DELETE', '/vehicules/1'), { status: 200, json: { supprime: 1 } });
  await assert.rejects(host.dialect('DELETE', '/vehicules/1'), { code: 'NOT_FOUND' });
});
