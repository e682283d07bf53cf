import {
  commandText,
  entityText,
  inputsText,
  policyText,
  readsText,
  resolverText,
  tableText,
} from './entity-templates.js';
import { addMigration } from './migration.js';
import { namesOf, namesOfThing, UsageError } from './names.js';
import { operationsText, routesText } from './route-templates.js';
import type { Tree } from './tree.js';

export interface NewEntity {
  /** Where: a module, or a folder of one, such as `documents/shelving`. */
  folder: string;
  /** The entity's class, such as `Shelf`. */
  entity: string;
  /** In CamelCase, when it isn't regular: `Shelves`. */
  plural?: string | undefined;
  /** The dialect that gets five routes for it; none without. */
  dialect?: string | undefined;
}

/**
 * A new entity with a name: its table, its list and the query by id, three mutations with their events, and the five
 * routes of a dialect. Returns what is left to write.
 */
export function newEntity(tree: Tree, { folder, entity, plural, dialect }: NewEntity): string[] {
  const names = namesOfThing(entity, plural);
  const [moduleName = ''] = folder.split('/');
  const base = `src/modules/${folder}`;
  const manifest = `src/modules/${moduleName}/module.ts`;
  const events = `src/modules/${moduleName}/events.ts`;
  const up = '../'.repeat(folder.split('/').length + 1);
  if (!tree.has(manifest)) newModule(tree, moduleName);

  addMigration(tree, names.plural.file, tableText(names));
  const path = (kind: string): string => `${base}/${names.file}.${kind}.ts`;
  tree.create(path('entity'), entityText(names, up));
  tree.create(path('policy'), policyText(names, up));
  tree.create(path('reads'), readsText(names, up));
  tree.create(path('inputs'), inputsText(names, up));
  tree.create(path('resolver'), resolverText(names, up));
  const command = `${base}/save-${names.file}.ts`;
  tree.create(command, commandText(names, up));

  const declarations = ['created', 'updated', 'deleted']
    .map((what) => `  '${names.snake}.${what}': payload<{ name: string }>(),\n`)
    .join('');
  tree.edit(events, (text) => text.replace(/^\}\);$/m, `${declarations}});`));
  if (!tree.read(events).includes(' payload')) tree.addImport(events, 'payload', 'src/events/declare.ts');

  for (const [list, item, from] of [
    ['entities', names.type, path('entity')],
    ['reads', `${names.field}Reads`, path('reads')],
    ['resolvers', `${names.type}Resolver`, path('resolver')],
  ] as const) {
    addToManifest(tree, manifest, list, item);
    tree.addImport(manifest, item, from);
  }
  if (dialect) addRoutes(tree, dialect, entity, plural);
  return [
    `its columns, fields and rules: this one has a name and nothing else (${path('entity')}, ${command})`,
    `who sees it and who may change it: ${path('policy')}; give the permission ${names.plural.snake}:write to roles`,
    ...(dialect ? [`the words and shapes of the contract: src/rest/${dialect}/${names.plural.file}.ts`] : []),
    `rows in test/access/rows/: the access matrix is red until every root field and route has one`,
    `personal data: a column that refers to users is red until the manifest claims it`,
    `a test of it: test/modules/${moduleName}/`,
  ];
}

/** A list of the manifest, which it may not have yet. */
export function addToManifest(tree: Tree, manifest: string, list: string, item: string): void {
  if (!tree.read(manifest).includes(`${list}: [`)) {
    tree.edit(manifest, (text) =>
      text.replace(/^(export const \w+: Module = \{\n  name: .*\n)/m, `$1  ${list}: [],\n`),
    );
  }
  tree.addToList(manifest, `${list}: `, item);
}

function newModule(tree: Tree, name: string): void {
  if (!/^[a-z][a-z-]*$/.test(name)) throw new UsageError(`${name}: a module is called like accounts or saved-views`);
  const { type, field } = namesOf(name.replace(/(^|-)([a-z])/g, (_all, _dash, letter: string) => letter.toUpperCase()));
  tree.create(
    `src/modules/${name}/module.ts`,
    `import type { Module } from '../../kernel/module.js';
import { ${field}Events } from './events.js';

export const ${field}Module: Module = {
  name: '${name}',
  events: ${field}Events,
};
`,
  );
  tree.create(
    `src/modules/${name}/events.ts`,
    `import { declareEvents, type PayloadsOf } from '../../events/declare.js';

export const ${field}Events = declareEvents({
});

export type ${type}Events = PayloadsOf<typeof ${field}Events>;
`,
  );
  const list = 'src/app/modules.ts';
  tree.addImport(list, `${field}Module`, `src/modules/${name}/module.ts`);
  tree.addToList(list, 'modules: readonly Module[] = ', `${field}Module`);
  const catalog = 'src/events/catalog.ts';
  tree.edit(catalog, (text) =>
    `import type { ${type}Events } from '../modules/${name}/events.js';\n${text}`.replace(
      /(interface EventCatalog\s+extends\s[^{]*?)\s*\{/,
      `$1, ${type}Events {`,
    ),
  );
}

function addRoutes(tree: Tree, dialect: string, entity: string, plural: string | undefined): void {
  const names = namesOfThing(entity, plural);
  const table = `src/rest/${dialect}/dialect.ts`;
  if (!tree.has(table)) throw new UsageError(`There is no ${table}`);
  const file = `src/rest/${dialect}/${names.plural.file}`;
  tree.create(`${file}.graphql`, operationsText(names, dialect));
  tree.create(`${file}.ts`, routesText(names, dialect));
  tree.addToList(table, 'routes: ', `...${names.field}Routes`);
  tree.addImport(table, `${names.field}Routes`, `${file}.ts`);
}
