import semver from 'semver';
import type { SqlRunner } from '../../db/sql-client.js';
import { sql } from '../../db/sql.js';
import type { Sealer } from '../../lib/sealing.js';
import type { Manifest } from '../../plugin-host/manifest.js';
import type { ActivePlugin } from './plugin-runtime.js';

export interface ActivePlugins {
  /** How often plugins changed; a process that serves these says so by this number. */
  revision: string;
  /** Those that others depend on first. */
  plugins: readonly ActivePlugin[];
}

/** What is to be served now, by one statement. */
export async function activePlugins(db: SqlRunner): Promise<ActivePlugins> {
  const row = await db.first<{ revision: string; plugins: ActivePlugin[] }>(sql`
    select r.revision::text as revision,
           coalesce((select jsonb_agg(jsonb_build_object(
                              'id', p.id, 'manifest', v.manifest, 'contribution', v.contribution,
                              'packageHash', p.package_hash, 'grants', to_jsonb(p.grants), 'runAsId', p.run_as_id,
                              'since', greatest(p.loaded_at, p.last_reload, p.installed_at))
                            order by p.id)
                       from plugins p
                       join plugin_versions v on v.plugin_id = p.id and v.package_hash = p.package_hash
                      where p.status = 'active' and v.contribution is not null), '[]') as plugins
      from plugin_revision r`);
  if (!row) throw new Error('The table plugin_revision has no row');
  return { revision: row.revision, plugins: inOrder(row.plugins) };
}

/** Each after those that it depends on; otherwise by id. What depends on itself in a circle keeps its place by id. */
export function inOrder<P extends Pick<ActivePlugin, 'id' | 'manifest'>>(plugins: readonly P[]): P[] {
  const byId = new Map(plugins.map((plugin) => [plugin.id, plugin]));
  const placed = new Set<string>();
  const ordered: P[] = [];
  const place = (plugin: P, above: ReadonlySet<string>): void => {
    if (placed.has(plugin.id) || above.has(plugin.id)) return;
    for (const id of Object.keys(plugin.manifest.dependencies).toSorted()) {
      const dependency = byId.get(id);
      if (dependency) place(dependency, new Set([...above, plugin.id]));
    }
    if (placed.has(plugin.id)) return;
    placed.add(plugin.id);
    ordered.push(plugin);
  };
  for (const plugin of [...plugins].toSorted((a, b) => (a.id < b.id ? -1 : 1))) place(plugin, new Set());
  return ordered;
}

export interface MissingDependency {
  id: string;
  range: string;
  /** The version that is active; null: none is. */
  found: string | null;
}

/** What a plugin depends on and what is not active, or active in another version. */
export const missingDependencies = (
  dependencies: Readonly<Record<string, string>>,
  active: readonly Pick<ActivePlugin, 'id' | 'manifest'>[],
): MissingDependency[] =>
  Object.entries(dependencies).flatMap(([id, range]) => {
    const found = active.find((plugin) => plugin.id === id)?.manifest.version ?? null;
    return found !== null && semver.satisfies(found, range, { includePrerelease: true }) ? [] : [{ id, range, found }];
  });

/** What the settings of a plugin are sealed for. */
export const settingsPurpose = (id: string): string => `plugin_settings:${id}`;

/**
 * All settings of a plugin, secrets included, with the defaults of their schema: for its process alone. Empty when
 * there is no such plugin.
 */
export async function pluginSettings(
  db: SqlRunner,
  sealer: Sealer,
  id: string,
): Promise<Readonly<Record<string, unknown>>> {
  const row = await db.first<{ settings: Record<string, unknown>; sealed: string | null; manifest: Manifest }>(sql`
    select p.settings, p.sealed_settings as sealed, v.manifest
      from plugins p join plugin_versions v on v.plugin_id = p.id and v.package_hash = p.package_hash
     where p.id = ${id}`);
  return row ? { ...settingDefaults(row.manifest), ...row.settings, ...openSettings(sealer, id, row.sealed) } : {};
}

function settingDefaults({ settings }: Pick<Manifest, 'settings'>): Record<string, unknown> {
  const { properties = {} } = (settings ?? {}) as { properties?: Record<string, { default?: unknown }> };
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, property]) =>
      property?.default === undefined ? [] : [[name, property.default]],
    ),
  );
}

export function openSettings(sealer: Sealer, id: string, sealed: string | null): Record<string, unknown> {
  const text = sealed === null ? undefined : sealer.open(sealed, settingsPurpose(id));
  return text === undefined ? {} : (JSON.parse(text) as Record<string, unknown>);
}
