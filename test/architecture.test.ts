import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dialects } from '../src/app/dialects.js';
import { modules } from '../src/app/modules.js';
import type { Module } from '../src/kernel/module.js';

const root = resolve(import.meta.dirname, '..');
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts'));

interface Import {
  from: string;
  /** Path below src, or the package's name. */
  to: string;
}

/** The imports that exist when the program runs. Type-only imports may point anywhere. */
const imports: Import[] = sources.flatMap((file) => {
  const text = readFileSync(join(root, 'src', file), 'utf8');
  return [...text.matchAll(/^(?:import|export)\s+(type\s+)?(?:([^'";]*?)from\s+)?'([^']+)'/gm)].flatMap(
    ([, type, names = '', to = '']) =>
      type || /^\{(\s*type\s[^,}]+,?)+\s*\}\s*$/.test(names)
        ? []
        : {
            from: file,
            to: to.startsWith('.')
              ? relative(join(root, 'src'), resolve(root, 'src', dirname(file), to)).replace(/\.js$/, '.ts')
              : to,
          },
  );
});

const shown = (wrong: readonly Import[]): string[] => wrong.map((i) => `${i.from} → ${i.to}`).toSorted();

/** The rooms of `src`, from the lowest floor to the highest. A room may import the floors below its own. */
const floors: readonly (readonly string[])[] = [
  ['lib'],
  ['config'],
  ['db', 'storage', 'files', 'print', 'mail', 'metrics', 'telemetry', 'plugin-host'],
  ['kernel'],
  ['events', 'jobs', 'quota', 'idempotency'],
  ['modules'],
  ['graph'],
  ['rest', 'mcp'],
  ['pages'],
  ['http'],
  ['app'],
  ['main.ts'],
  ['cli'],
  ['cli.ts'],
];
const roomOf = (path: string): string => path.split('/')[0] as string;
const floorOf = (path: string): number => floors.findIndex((rooms) => rooms.includes(roomOf(path)));

/** Where a package may be used, and the remedy. */
const packages: { name: RegExp; allowed: RegExp; remedy: string }[] = [
  {
    name: /^express$/,
    allowed: /^(app|http|pages)\/|^rest\/engine\/request-bytes\.ts$/,
    remedy: 'take what it knows of a request from the Context',
  },
  { name: /^type-graphql$/, allowed: /^(kernel|modules|graph)\//, remedy: 'the graph is declared in modules' },
  { name: /^@modelcontextprotocol\//, allowed: /^mcp\/protocol\.ts$/, remedy: 'it is loaded with the first request' },
  { name: /^@opentelemetry\//, allowed: /^telemetry\//, remedy: 'tell of work by lib/tracing.ts' },
  { name: /^@aws-sdk\//, allowed: /^storage\//, remedy: 'files go through the ContentStore' },
  {
    name: /^@mikro-orm\//,
    allowed: /^(app|db|kernel|events|jobs|idempotency|modules|graph)\//,
    remedy: 'write an operation: REST and pages are clients of the graph',
  },
];

/** Rooms that know few others although they stand above them. */
const secluded: { room: string; knows: readonly string[]; remedy: string }[] = [
  {
    room: 'rest',
    knows: ['lib', 'storage', 'quota', 'idempotency'],
    remedy: 'write an operation: REST is a client of the graph',
  },
  {
    room: 'mcp',
    knows: ['lib', 'config', 'kernel', 'idempotency', 'graph'],
    remedy: 'write an operation: a tool is a client of the graph',
  },
  { room: 'pages', knows: ['lib', 'config'], remedy: 'pages are given what they show' },
  { room: 'events', knows: ['lib', 'db', 'kernel'], remedy: 'readers of the log are given what they call' },
];

describe('floors', () => {
  test('every room has its floor', () => {
    expect([...new Set(sources.map(roomOf))].filter((room) => floorOf(room) < 0)).toEqual([]);
  });

  test('imports go downward only', () => {
    const wrong = imports.filter(
      ({ from, to }) => floorOf(to) >= 0 && roomOf(from) !== roomOf(to) && floorOf(to) >= floorOf(from),
    );
    expect(shown(wrong)).toEqual([]);
  });

  test.each(packages)('$name is imported only by $allowed: $remedy', ({ name, allowed }) => {
    expect(shown(imports.filter(({ from, to }) => name.test(to) && !allowed.test(from)))).toEqual([]);
  });

  test.each(secluded)('$room knows only $knows: $remedy', ({ room, knows }) => {
    const wrong = imports.filter(
      ({ from, to }) => roomOf(from) === room && floorOf(to) >= 0 && ![room, ...knows].includes(roomOf(to)),
    );
    expect(shown(wrong)).toEqual([]);
  });

  test('only config/environment.ts reads the environment', () => {
    const readers = sources.filter((f) => /process\.env/.test(readFileSync(join(root, 'src', f), 'utf8')));
    expect(readers).toEqual(['config/environment.ts']);
  });
});

describe('modules', () => {
  const folders = readdirSync(join(root, 'src/modules')).filter((name) => !name.includes('.'));
  const names = modules.map(({ name }) => name);

  test('every folder is a module of the list, and has its manifest', () => {
    expect(names.toSorted()).toEqual(folders.toSorted());
    for (const name of names) expect(existsSync(join(root, `src/modules/${name}/module.ts`)), name).toBe(true);
  });

  const moduleOf = (path: string): string | undefined => /^modules\/([^/]+)\//.exec(path)?.[1];
  const isEntity = (path: string): boolean => path.endsWith('.entity.ts');

  test('a module imports those before it in the list; entities may refer to each other both ways', () => {
    const wrong = imports.filter(({ from, to }) => {
      const [own, other] = [moduleOf(from), moduleOf(to)];
      return own && other && !isEntity(from) && names.indexOf(other) > names.indexOf(own);
    });
    expect(shown(wrong)).toEqual([]);
  });

  test('no file of a module or of the kernel reaches itself by imports, entities aside', () => {
    const targets = Map.groupBy(
      imports.filter(({ from, to }) => /^(kernel|modules)\//.test(from) && !isEntity(from) && !isEntity(to)),
      ({ from }) => from,
    );
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) return void circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      if (done.has(file)) return;
      for (const { to } of targets.get(file) ?? []) visit(to, [...path, file]);
      done.add(file);
    };
    for (const file of targets.keys()) visit(file, []);
    expect(circles).toEqual([]);
  });

  const brought: { files: RegExp; part: string; inManifest: (module: Module) => readonly unknown[]; is: RegExp }[] = [
    { files: /\.entity\.ts$/, part: 'entities', inManifest: ({ entities = [] }) => entities, is: /^[A-Z].*/ },
    { files: /\.reads\.ts$/, part: 'reads', inManifest: ({ reads = [] }) => reads, is: /Reads$/ },
    { files: /\.resolver\.ts$/, part: 'resolvers', inManifest: ({ resolvers = [] }) => resolvers, is: /Resolver$/ },
    { files: /\/events\.ts$/, part: 'events', inManifest: ({ events }) => [events], is: /Events$/ },
    { files: /\/jobs\.ts$/, part: 'jobs', inManifest: ({ jobs }) => [jobs], is: /Jobs$/ },
    {
      files: /personal-data\.ts$/,
      part: 'personalData',
      inManifest: ({ personalData }) => [personalData],
      is: /PersonalData$/,
    },
    { files: /\/notices\.ts$/, part: 'notices', inManifest: ({ notices }) => [notices], is: /Notices$/ },
    { files: /\.loaders\.ts$/, part: 'loaders', inManifest: ({ loaders }) => [loaders], is: /Loaders$/ },
    { files: /-hooks\.ts$/, part: 'hooks', inManifest: ({ hooks }) => [hooks], is: /Hooks$/ },
    { files: /\/demo\.ts$/, part: 'demo', inManifest: ({ demo }) => [demo], is: /^fill/ },
    { files: /\/metrics\.ts$/, part: 'counters', inManifest: ({ counters = [] }) => counters, is: /Total$/ },
  ];
  test.each(brought)('every manifest brings the $part of its folder', async ({ files, inManifest, is }) => {
    const missing: string[] = [];
    for (const file of sources.filter((f) => moduleOf(f) && files.test(f))) {
      const module = modules.find(({ name }) => name === moduleOf(file)) as Module;
      const exported = Object.entries((await import(join(root, 'src', file))) as Record<string, unknown>);
      // Enums are objects too, and stand beside the entities that use them.
      const wanted = exported.filter(
        ([name, value]) => is.test(name) && (!isEntity(file) || typeof value === 'function'),
      );
      missing.push(
        ...wanted.filter(([, value]) => !inManifest(module).includes(value)).map(([name]) => `${file}: ${name}`),
      );
    }
    expect(missing).toEqual([]);
  });

  test.each(modules.filter(({ entities }) => entities))('$name has a policy beside its entities', ({ name }) => {
    expect(sources.some((f) => f.startsWith(`modules/${name}/`) && f.endsWith('.policy.ts'))).toBe(true);
  });
});

describe('sizes', () => {
  // What is generated, and migrations, which never change once they are released.
  const written = sources.filter((f) => !f.endsWith('.gen.ts') && !f.startsWith('db/migrations/'));
  const linesOf = (file: string): string[] => readFileSync(join(root, 'src', file), 'utf8').split('\n');

  test('no line is longer than 120 columns', () => {
    const long = written.flatMap((file) =>
      // An import may be as long as the name of what it imports.
      linesOf(file).flatMap((line, i) =>
        line.length > 120 && !line.startsWith('import ') ? [`${file}:${i + 1}`] : [],
      ),
    );
    expect(long).toEqual([]);
  });

  test('no file has more than 400 lines', () => {
    expect(written.filter((file) => linesOf(file).length > 401)).toEqual([]);
  });
});

test('no module writes a path of a REST dialect: it takes `services.links`', () => {
  const beginnings = dialects().flatMap(({ prefix, routes }) =>
    prefix === '' ? routes.map(({ path }) => path.split('/').slice(0, 2).join('/')) : [prefix],
  );
  const quoted = new RegExp(`['"\`}](?:${[...new Set(beginnings)].join('|')})(?:/|['"\`?])`);
  const wrong = sources.filter(
    (f) => /^(kernel|modules)\//.test(f) && quoted.test(readFileSync(join(root, 'src', f), 'utf8')),
  );
  expect(wrong).toEqual([]);
});

describe('routes', () => {
  const idle = {
    health: async () => ({ database: true, redis: true, disk: true }),
    isReady: async () => true,
    metrics: { text: async () => '', token: undefined },
    version: '',
    startedAt: new Date(0),
  };
  const all = dialects(idle).flatMap((dialect) => dialect.routes.map((route) => ({ dialect, route })));

  test('there are dialects to look at', () => expect(all.length).toBeGreaterThan(40));

  test.each(
    all.map(({ dialect, route }) => [`${route.method} ${dialect.prefix}${route.path}`, dialect.name, route] as const),
  )('%s declares its credential and section', (_name, _dialect, route) => {
    expect(['none', 'optional', 'required']).toContain(route.credential);
    expect(route.section).toMatch(/\.md/);
  });

  test('only what must be open is open', () => {
    const open = all
      .filter(({ route }) => route.credential !== 'required')
      .map(({ dialect, route }) => `${route.method} ${dialect.prefix}${route.path}`);
    expect(open.toSorted()).toEqual([
      'get /api/medias/:id/download',
      'get /api/medias/:id/thumbnail',
      'get /api/planning/calendar.ics',
      'get /health',
      'get /health/live',
      'get /health/ready',
      'get /kdocs/api/health',
      'get /kdocs/api/shared/:token',
      'get /kdocs/api/shared/:token/download',
      'get /kdocs/health',
      'get /kdocs/login',
      'get /metrics',
      'get /rdv/:token',
      'get /s/:token',
      'post /api/auth/login',
      'post /api/auth/refresh',
      'post /api/v1/auth/register',
      'post /api/v1/auth/token/refresh',
      'post /api/v1/auth/webauthn/login/begin',
      'post /api/v1/auth/webauthn/login/complete',
      'post /api/v1/auth/webauthn/register/begin',
      'post /api/v1/auth/webauthn/register/complete',
      'post /auth/login',
      'post /auth/register',
      'post /kdocs/api/shared/:token/download',
      'post /kdocs/login',
      'post /rdv/:token',
      'post /s/:token',
      'post /v1/users',
    ]);
  });
});
