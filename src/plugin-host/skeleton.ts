import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { slug } from './manifest.js';

/** The plugin package as `npm run build` leaves it. */
const builtPackage = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/plugin-sdk/' : '../plugin-sdk/', import.meta.url),
);

/**
 * Writes a plugin that works and whose test passes into a new or empty folder, called after it. Resolves with the paths
 * of its files, the package that it is written with aside. Throws an Error that says why not.
 */
export async function writeSkeleton(folder: string): Promise<{ id: string; files: string[] }> {
  const root = resolve(folder);
  const id = basename(root);
  if (!slug.safeParse(id).success)
    throw new Error(`The folder is called as the plugin: 1 to 50 of a-z 0-9 _ -, a letter first, not "${id}"`);
  const there = await readdir(root).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (there.length > 0) throw new Error(`${folder} is not empty`);
  const files = skeletonOf(id);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  await putPluginPackage(root);
  return { id, files: Object.keys(files) };
}

/** Puts `@passerelle/plugin` beside a plugin, so that its tests and editors find it: `sdk/` for npm, and installed. */
export async function putPluginPackage(folder: string): Promise<void> {
  for (const place of ['sdk', 'node_modules/@passerelle/plugin'])
    await cp(builtPackage, join(folder, place), { recursive: true });
}

const pascal = (id: string): string =>
  id
    .split(/[-_]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

function skeletonOf(id: string): Record<string, string> {
  const type = pascal(id);
  const field = type.charAt(0).toLowerCase() + type.slice(1);
  const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
  return {
    'plugin.json': json({
      id,
      name: type,
      version: '0.1.0',
      author: '',
      description: '',
      api_prefix: `/${id}`,
      tags: [],
      capabilities: ['storage'],
    }),
    'package.json': json({
      name: id,
      version: '0.1.0',
      private: true,
      type: 'module',
      scripts: { test: 'node --test' },
      devDependencies: { '@passerelle/plugin': 'file:./sdk' },
    }),
    // A copy instead of a link, which no plugin may hold.
    '.npmrc': 'install-links=true\n',
    '.gitignore': 'node_modules/\n',
    'index.js': `import { batch, definePlugin, refuse, reply } from '@passerelle/plugin';

const sdl = /* GraphQL */ \`
  extend type Document {
    "Notes on it, the oldest first."
    ${field}Notes: [${type}Note!]
  }

  extend type Mutation {
    "Adds a note to a document."
    add${type}Note(input: Add${type}NoteInput!): Add${type}NotePayload
  }

  "A note on a document."
  type ${type}Note {
    id: ID!

    "What it says."
    text: String!
  }

  input Add${type}NoteInput {
    documentId: ID!

    "1 to 500 characters."
    text: String!
  }

  type Add${type}NotePayload {
    note: ${type}Note
  }
\`;

export default definePlugin({
  sdl,
  resolvers: {
    Document: {
      // One call and one statement for a whole list of documents.
      ${field}Notes: batch(async (documents, args, api) => {
        const ids = documents.map(({ id }) => id);
        const notes = await api.storage.find('notes', { where: { document_id: { in: ids } } });
        return ids.map((id) => notes.filter(({ document_id }) => String(document_id) === String(id)));
      }),
    },
    Mutation: {
      add${type}Note: async (parent, { input: { documentId, text } }, api) => {
        if (!text.trim() || text.length > 500)
          refuse('BAD_USER_INPUT', 'The note is not right', [
            { path: ['input', 'text'], message: 'has 1 to 500 characters' },
          ]);
        const [note] = await api.storage.insert('notes', { document_id: documentId, text });
        return { note };
      },
    },
  },
  routes: [
    {
      method: 'GET',
      path: '/count',
      summary: 'How many notes there are',
      handler: async (request, api) => ({ count: await api.storage.count('notes') }),
    },
    {
      method: 'DELETE',
      path: '/notes/:id',
      summary: 'Removes a note',
      handler: async ({ params }, api) => {
        const gone = await api.storage.delete('notes', { id: params.id });
        return gone.length > 0 ? reply(204, null) : refuse('NOT_FOUND', 'There is no such note');
      },
    },
  ],
  migrations: [
    {
      name: '1-notes',
      steps: [
        {
          createTable: 'notes',
          columns: { document_id: { type: 'bigint' }, text: { type: 'text' } },
          indexes: [['document_id']],
        },
      ],
    },
  ],
});
`,
    'test/plugin.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testPlugin } from '@passerelle/plugin/testing';
import plugin from '../index.js';

const add = (host, documentId, text) =>
  host.resolve('Mutation', 'add${type}Note', { args: { input: { documentId, text } } });

test('notes are read for a list of documents at once', async () => {
  const host = testPlugin(plugin);
  await add(host, '1', 'Pay it in March');
  const lists = await host.resolve('Document', '${field}Notes', { parents: [{ id: '1' }, { id: '2' }] });
  assert.deepEqual(
    lists.map((notes) => notes.map(({ text }) => text)),
    [['Pay it in March'], []],
  );
});

test('a note without a text is refused by the name of its field', async () => {
  await assert.rejects(add(testPlugin(plugin), '1', ' '), {
    code: 'BAD_USER_INPUT',
    fields: [{ path: ['input', 'text'], message: 'has 1 to 500 characters' }],
  });
});

test('the routes count and remove', async () => {
  const host = testPlugin(plugin);
  await add(host, '1', 'Pay it in March');
  assert.deepEqual((await host.route('GET', '/count')).json, { count: 1 });
  assert.equal((await host.route('DELETE', '/notes/1')).status, 204);
  await assert.rejects(host.route('DELETE', '/notes/1'), { code: 'NOT_FOUND' });
});
`,
    'README.md': `# ${type}

A plugin of Passerelle.

    npm test                                  # without a server
    passerelle plugin install ${'`pwd`'}           # where PLUGIN_SOURCES allows local folders
    passerelle plugin reload ${id}    # after a change

\`plugin.json\` says what it is and what it may do, \`index.js\` what it brings. \`sdk/\` is the package that
it is written with.
`,
  };
}
