import type { Contribution } from '../../plugin-host/contribution.js';
import type { Manifest } from '../../plugin-host/manifest.js';
import type { ActivePlugin } from './plugin-runtime.js';

type Prefixes = { manifest: Pick<Manifest, 'api_prefix'>; contribution: Pick<Contribution, 'dialect'> | undefined };

const prefixesOf = ({ manifest, contribution }: Prefixes): string[] =>
  [manifest.api_prefix, contribution?.dialect?.prefix].filter((prefix) => prefix !== undefined);

/**
 * Why a plugin cannot be served below its prefixes: the core serves paths that begin like it, or another plugin has the
 * same. Below another's is fine: the longest prefix wins.
 */
export function prefixClashes(
  plugin: Prefixes,
  { reserved, others }: { reserved: ReadonlySet<string>; others: readonly ActivePlugin[] },
): string[] {
  const own = prefixesOf(plugin);
  const twice =
    own.length === 2 && own[0] === own[1] ? [`api_prefix and the prefix of the dialect are both ${own[0]}`] : [];
  return [
    ...twice,
    ...own.flatMap((prefix) => {
      const first = prefix.split('/')[1] ?? '';
      if (reserved.has(first)) return [`the prefix ${prefix} is the server's own: /${first}`];
      const taken = others.find((other) => prefixesOf(other).includes(prefix));
      return taken ? [`the prefix ${prefix} is taken by the plugin ${taken.id}`] : [];
    }),
  ];
}
