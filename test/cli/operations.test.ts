import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { importers, importOperation } from '../../src/cli/firm-data/importers.js';
import { kinds, pageOperation } from '../../src/cli/firm-data/kinds.js';
import { pluginOperations } from '../../src/cli/plugin.js';
import { taskOperations } from '../../src/cli/task.js';

test('what commands ask of a server is in its schema', () => {
  const schema = buildSchema(readFileSync('schema/schema.graphql', 'utf8'));
  const pages = Object.fromEntries(kinds.map((kind) => [kind.name, pageOperation(kind)]));
  const imports = Object.fromEntries(importers.map((importer) => [importer.mutation, importOperation(importer)]));
  for (const operations of [taskOperations, pluginOperations, pages, imports])
    for (const [name, text] of Object.entries(operations)) expect(validate(schema, parse(text)), name).toEqual([]);
});
