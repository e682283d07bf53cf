import { z } from 'zod';
import type { Contribution } from './contribution.js';
import { slug } from './manifest.js';

const name = z.string().regex(/^[_A-Za-z][_0-9A-Za-z]{0,99}$/, 'is a name of GraphQL');
const eventName = z.string().regex(/^[a-z][a-z0-9_]{0,49}$/, 'is 1 to 50 of a-z 0-9 _, a letter first');
const eventType = z
  .string()
  .regex(/^(\*|[a-z0-9_]+(\.[a-z0-9_]+)*)$/, 'is the type of an event, or *')
  .max(100);
const text = (max: number) => z.string().max(max);
const json = z.record(z.string(), z.unknown());

/** Of the database: tables, columns. Its reserved words are quoted there. */
const identifier = z.string().regex(/^[a-z][a-z0-9_]{0,49}$/, 'is 1 to 50 of a-z 0-9 _, a letter first');
const ownColumn = identifier.refine((column) => column !== 'id', 'is the key, which every table has');

const routeParts = {
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  path: z
    .string()
    .max(200)
    .regex(/^(\/|(\/(:[a-zA-Z_][a-zA-Z0-9_]*|[A-Za-z0-9_.~-]+))+\/?)$/, 'is a path such as /customers/:id')
    .refine((path) => !/\/\.\.?(\/|$)/.test(path), 'has no . or .. in it'),
  credential: z.enum(['none', 'optional', 'required']),
  summary: text(500),
};

const dialectRoute = z.object({
  ...routeParts,
  params: json.optional(),
  query: json.optional(),
  body: json.optional(),
  response: json.optional(),
  operation: z.string().min(1).max(20_000),
  status: z.int().min(200).max(299),
  fields: z.record(z.string().max(200), z.string().max(200)),
  hasVariables: z.boolean(),
  hasResponse: z.boolean(),
});

const dialect = z.object({
  prefix: z
    .string()
    .max(100)
    .regex(/^(\/[a-z0-9][a-z0-9_-]*)+$/, 'is a path such as /crm, in a-z 0-9 _ -'),
  title: z.string().min(1).max(100),
  description: text(5_000),
  envelope: z.unknown(),
  statuses: z.record(z.string().max(50), z.int().min(400).max(599)),
  routes: z.array(dialectRoute).min(1).max(200),
});

const count = z.int().positive().max(1_000_000).optional();
const task = z
  .object({
    id: slug,
    name: z.string().trim().min(1).max(100),
    action: slug,
    interval: z
      .strictObject({ seconds: count, minutes: count, hours: count, days: count })
      .refine((interval) => Object.values(interval).some(Boolean), 'names seconds, minutes, hours or days')
      .optional(),
    schedule: z.object({ cron: z.string().max(100), timezone: z.string().max(100).optional() }).optional(),
    params: json,
  })
  .refine(({ interval, schedule }) => (interval === undefined) !== (schedule === undefined), {
    error: 'has an interval or a schedule',
    path: ['interval'],
  });

const column = z
  .object({
    type: z.enum(['integer', 'bigint', 'numeric', 'boolean', 'text', 'date', 'timestamp', 'uuid', 'json']),
    nullable: z.boolean().optional(),
    default: z.union([z.string().max(1_000), z.number(), z.boolean()]).optional(),
    precision: z.int().min(1).max(100).optional(),
    scale: z.int().min(0).max(100).optional(),
  })
  .refine(
    ({ type, precision, scale }) => type === 'numeric' || (precision === undefined && scale === undefined),
    'has a precision or scale only when it is numeric',
  );
const columnList = z.array(identifier).min(1).max(16);

const step = z.union([
  z.strictObject({
    createTable: identifier,
    columns: z.record(ownColumn, column).refine((columns) => Object.keys(columns).length <= 100, 'has 100 at most'),
    unique: z.array(columnList).max(16).optional(),
    indexes: z.array(columnList).max(16).optional(),
  }),
  z.strictObject({ addColumn: ownColumn, table: identifier, column }),
  z.strictObject({ dropColumn: ownColumn, table: identifier }),
  z.strictObject({ createIndex: columnList, table: identifier, unique: z.boolean().optional() }),
  z.strictObject({ dropTable: identifier }),
]);

const unique = <Value>(what: string, of: (value: Value) => string) =>
  [
    (values: readonly Value[]): boolean => new Set(values.map(of)).size === values.length,
    { error: `names a ${what} twice` },
  ] as const;

const shape = z
  .object({
    sdl: text(500_000),
    resolvers: z.record(name, z.array(name).max(500)),
    subscriptions: z.record(name, z.object({ events: z.array(eventType).min(1).max(50) })),
    routes: z
      .array(z.object(routeParts))
      .max(200)
      .refine(...unique('route', ({ method, path }: { method: string; path: string }) => `${method} ${path}`)),
    dialect: dialect.optional(),
    tasks: z
      .array(task)
      .max(50)
      .refine(...unique('task', ({ id }: { id: string }) => id)),
    actions: z.array(slug).max(50),
    events: z.array(eventName).max(100),
    handles: z.array(eventType).max(100),
    migrations: z
      .array(
        z.object({
          name: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,99}$/, 'is 1 to 100 of a-z 0-9 _ -'),
          steps: z.array(step).min(1).max(100),
        }),
      )
      .max(500)
      .refine(...unique('migration', (migration: { name: string }) => migration.name)),
    pages: z
      .array(z.object({ path: slug, title: z.string().min(1).max(100) }))
      .max(50)
      .refine(...unique('page', ({ path }: { path: string }) => path)),
  })
  .superRefine(({ tasks, actions }, context) => {
    for (const [i, { action }] of tasks.entries())
      if (!actions.includes(action))
        context.addIssue({
          code: 'custom',
          path: ['tasks', i, 'action'],
          message: `is none of the actions: ${action}`,
        });
  });

/** What a plugin says that it brings. Throws an Error that names all problems. */
export function checkedContribution(given: unknown): Contribution {
  const { success, data, error } = shape.safeParse(given);
  if (!success) {
    const problems = error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`);
    throw new Error(`It describes itself wrongly: ${problems.slice(0, 20).join('; ')}`);
  }
  return data as Contribution;
}
