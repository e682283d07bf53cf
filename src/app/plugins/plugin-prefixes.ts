import type { Dialect } from '../../rest/engine/route.js';

/** What the server answers itself, or may come to. */
const reserved = [
  'admin',
  'api',
  'auth',
  'core-docs',
  'docs',
  'graphql',
  'health',
  'kdocs',
  'login',
  'mcp',
  'metrics',
  'plugins',
  'static',
  'system',
  'v1',
  'ws',
];

/** First segments of paths that a plugin cannot have. */
export const reservedSegments = (core: readonly Dialect[]): ReadonlySet<string> =>
  new Set([
    ...reserved,
    ...core.flatMap(({ prefix, routes }) =>
      prefix === '' ? routes.map(({ path }) => path.split('/')[1] ?? '') : [prefix.split('/')[1] ?? ''],
    ),
  ]);

/** Why a plugin's dialects cannot stand beside those that are served; undefined when they can. */
export function prefixProblem(added: readonly Dialect[], served: readonly Dialect[]): string | undefined {
  const beside: Dialect[] = [...served];
  const taken = reservedSegments(served.filter(({ prefix }) => prefix === ''));
  for (const dialect of added) {
    const { prefix, name } = dialect;
    if (!/^(\/[a-z0-9][a-z0-9_-]*)+$/.test(prefix)) return `${prefix || '/'} is no prefix: /crm`;
    if (taken.has(prefix.split('/')[1] ?? '')) return `the prefix ${prefix} is the server's own`;
    const other = beside.find((each) => each.name === name || each.prefix === prefix);
    if (other) return `the name ${name} or the prefix ${prefix} is taken, by ${other.title}`;
    beside.push(dialect);
  }
  return undefined;
}
