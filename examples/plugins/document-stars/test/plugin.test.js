import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testPlugin } from '@passerelle/plugin/testing';
import plugin from '../index.js';

const ada = { id: 1, permissions: [] };
const grace = { id: 2, permissions: [] };

/** Documents 1 and 2 are there. */
const start = () =>
  testPlugin(plugin, { graph: (query, { id }) => ({ document: ['1', '2'].includes(id) ? { id } : null }) });

const star = (host, documentId, viewer, isStarred = true) =>
  host.resolve('Mutation', 'starDocument', { args: { input: { documentId, isStarred } }, viewer });

test('stars are counted for a list of documents at once', async () => {
  const host = start();
  await star(host, '1', ada);
  await star(host, '1', ada);
  await star(host, '1', grace);
  const parents = [{ id: '1' }, { id: '2' }];
  assert.deepEqual(await host.resolve('Document', 'stars', { parents }), [2, 0]);
  assert.deepEqual(await host.resolve('Document', 'isStarred', { parents, viewer: grace }), [true, false]);
  const starred = await host.resolve('Query', 'starredDocuments', { args: { first: 20 }, viewer: ada });
  assert.deepEqual(starred, [{ id: '1' }]);
});

test('a star that is given and one that is taken back are events; giving it again is none', async () => {
  const host = start();
  await star(host, '1', ada);
  await star(host, '1', ada);
  await star(host, '1', ada, false);
  assert.deepEqual(
    host.emitted.map(({ type, data }) => [type, data.stars]),
    [
      ['star_given', 1],
      ['star_taken_back', 0],
    ],
  );
  const [{ data }] = host.emitted;
  assert.equal((await host.deliver('documentStarEvents', { data })).isGiven, true);
  assert.equal(await host.deliver('documentStarEvents', { data }, { args: { documentId: '2' } }), null);
});

test('a document that the viewer may not see gets no star', async () => {
  await assert.rejects(star(start(), '3', ada), { name: 'PluginRefusal', code: 'NOT_FOUND' });
});

test('the stars of a deleted document go with it', async () => {
  const host = start();
  await star(host, '1', ada);
  await host.handle({ type: 'document.purged', subjectId: '1' });
  assert.equal(await host.storage.count('stars'), 0);
});
