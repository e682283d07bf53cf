import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dialects } from '../src/app/dialects.js';

const root = resolve(import.meta.dirname, '..');
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts'));

interface Import {
  from: string;
  /** Path below src, or the package's name. */
  to: string;
  typeOnly: boolean;
}

const imports: Import[] = sources.flatMap((file) => {
  const text = readFileSync(join(root, 'src', file), 'utf8');
  return [...text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'";]*?from\s+)?'([^']+)'/gm)].map(
    ([, type, to = '']) => ({
      from: file,
      to: to.startsWith('.') ? relative(join(root, 'src'), resolve(root, 'src', dirname(file), to)) : to,
      typeOnly: type !== undefined,
    }),
  );
});

/** Who may not import what, and the remedy. Types may point anywhere: they do not exist when the program runs. */
const floors: { who: RegExp; never: RegExp; remedy: string; except?: RegExp }[] = [
  {
    who: /^(lib|storage)\/|^errors\.ts|^config\.ts/,
    never: /^(domain|graph|rest|pages|events)\/|^@mikro-orm|^express$|^type-graphql$/,
    remedy: 'pure floors know nobody above them',
  },
  { who: /^events\//, never: /^(graph|rest|pages)\//, remedy: 'readers of the log are given what they call' },
  { who: /^domain\//, never: /^(graph|rest|pages)\/|^express$/, remedy: 'take it from the Context' },
  { who: /^graph\//, never: /^(rest|pages)\/|^express$/, remedy: 'doors are joined in app.ts' },
  {
    who: /^rest\//,
    never: /^(domain|graph|events|pages)\/|^@mikro-orm|^type-graphql$/,
    remedy: 'write an operation: REST is a client of the graph',
  },
  {
    who: /^(?!rest\/mount\.ts|pages\/|doors\/|app\.ts)/,
    never: /^express$/,
    remedy: 'Express appears in app.ts, doors/, rest/mount.ts and pages/',
  },
  { who: /^(?!doors\/|app\.ts)/, never: /^doors\//, remedy: 'doors are opened by app.ts' },
  {
    who: /^(?!domain\/|graph\/|resolvers\.ts)/,
    never: /^type-graphql$/,
    remedy: 'type-graphql appears in domain/ and graph/',
  },
  { who: /^pages\//, never: /^(domain|graph|rest|events)\//, remedy: 'pages are given what they show' },
];

describe('floors', () => {
  test.each(floors)('$who never imports $never: $remedy', ({ who, never }) => {
    const wrong = imports.filter((i) => !i.typeOnly && who.test(i.from) && never.test(i.to));
    expect(wrong.map((i) => `${i.from} → ${i.to}`)).toEqual([]);
  });

  test('only config.ts reads the environment', () => {
    const readers = sources.filter(
      (f) => f !== 'config.ts' && /process\.env/.test(readFileSync(join(root, 'src', f), 'utf8')),
    );
    expect(readers).toEqual([]);
  });
});

describe('routes', () => {
  const idle = {
    health: async () => ({ database: true, redis: true, disk: true }),
    metrics: async () => '',
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
      'get /health',
      'get /health/live',
      'get /health/ready',
      'get /kdocs/api/shared/:token',
      'get /kdocs/api/shared/:token/download',
      'get /kdocs/login',
      'get /metrics',
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
      'post /s/:token',
      'post /v1/users',
    ]);
  });
});

test('each entity module has its policy beside it', () => {
  for (const module of [
    'approvals/approval',
    'documents/document',
    'identity/identity',
    'ingests/ingest',
    'invoicing/invoice',
    'notifications/notification',
  ]) {
    expect(existsSync(join(root, `src/domain/${module}.policy.ts`))).toBe(true);
  }
});
