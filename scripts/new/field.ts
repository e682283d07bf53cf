import { addMigration } from './migration.js';
import { namesOf, UsageError } from './names.js';
import { addToClass, type Tree } from './tree.js';

interface Kind {
  sql: string;
  /** Options of MikroORM's `@Property`. */
  property: string;
  /** The graph's type, and where it comes from. */
  graph: readonly [name: string, from: string];
  entity: string;
  input: string;
}

const scalars = 'src/kernel/scalars.ts';
const kinds: Readonly<Record<string, Kind>> = {
  text: { sql: 'text', property: `type: 'text'`, graph: ['String', ''], entity: 'string', input: 'string' },
  integer: {
    sql: 'int',
    property: `type: 'integer'`,
    graph: ['Int', 'type-graphql'],
    entity: 'number',
    input: 'number',
  },
  boolean: { sql: 'boolean', property: `type: 'boolean'`, graph: ['Boolean', ''], entity: 'boolean', input: 'boolean' },
  date: { sql: 'date', property: `type: 'date'`, graph: ['CalendarDate', scalars], entity: 'string', input: 'string' },
  moment: {
    sql: 'timestamptz',
    property: `type: 'timestamptz'`,
    graph: ['DateTime', scalars],
    entity: 'Date',
    input: 'Date',
  },
  amount: {
    sql: 'numeric(14, 2)',
    property: `type: 'decimal', precision: 14, scale: 2`,
    graph: ['Decimal', scalars],
    entity: 'string',
    input: 'string',
  },
};

export interface NewField {
  /** The entity's class, such as `Document`. */
  entity: string;
  /** The property, such as `dueDate`. */
  name: string;
  kind: string;
  /** The field's description in the graph. */
  description: string;
}

/** A new nullable field: migration, entity and inputs. Returns what is left to write. */
export function newField(tree: Tree, { entity, name, kind, description }: NewField): string[] {
  const type = kinds[kind];
  if (!type) throw new UsageError(`${kind}: one of ${Object.keys(kinds).join(', ')}`);
  if (!/^[a-z][A-Za-z0-9]*$/.test(name)) throw new UsageError(`${name}: a name in camelCase, such as dueDate`);
  const names = namesOf(entity);
  const [path] = tree.find(`src/modules/**/${names.file}.entity.ts`);
  if (!path) throw new UsageError(`There is no src/modules/**/${names.file}.entity.ts`);
  const table = /tableName: '(\w+)'/.exec(tree.read(path))?.[1];
  if (!table) throw new UsageError(`${path} names no table`);

  const column = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  addMigration(
    tree,
    `${table}-${column}`.replaceAll('_', '-'),
    `alter table ${table} add column ${column} ${type.sql};`,
  );

  const [graphType, from] = type.graph;
  const field = `  @Field(() => ${graphType}, { nullable: true, description: ${JSON.stringify(description)} })`;
  const property = `  @Property({ ${type.property}, nullable: true })`;
  tree.edit(path, (text) =>
    addToClass(text, entity, `${field}\n${property}\n  ${name}?: ${type.entity} | null;`, 'createdAt'),
  );
  if (from) tree.addImport(path, graphType, from);

  const inputs = inputClasses(tree, path, entity);
  for (const [file, inputClass] of inputs) {
    tree.edit(file, (text) => addToClass(text, inputClass, `${field}\n  ${name}?: ${type.input} | null;`));
    if (from) tree.addImport(file, graphType, from);
  }
  return [
    ...(inputs.length ? [] : [`the input that sets it: there is no ${entity}FactsInput and no Create${entity}Input`]),
    `the command that stores it: types name the place where its facts have no column (${name})`,
    `the dialects that show it: the fragment in src/rest/<dialect>/*.graphql, and the shapes beside it`,
    `personal data: does the export of a person's data show it, and must erasure empty it?`,
    `an order or a filter, if lists want one: src/modules/**/${names.file}.reads.ts, with an index in the migration`,
    `a test of it, in and out`,
  ];
}

/** `<Entity>FactsInput`, which others extend, or else the inputs that create and update. */
function inputClasses(tree: Tree, entityPath: string, entity: string): [file: string, inputClass: string][] {
  const folder = entityPath.slice(0, entityPath.lastIndexOf('/'));
  const files = tree.find(`${folder}/*.inputs.ts`);
  const holding = (name: string): [string, string][] =>
    files.filter((file) => tree.read(file).includes(`class ${name} `)).map((file) => [file, name]);
  const facts = holding(`${entity}FactsInput`);
  return facts.length ? facts : [...holding(`Create${entity}Input`), ...holding(`Update${entity}Input`)];
}
