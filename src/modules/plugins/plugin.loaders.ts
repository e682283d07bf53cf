import DataLoader from 'dataloader';
import { sql } from '../../db/sql.js';
import type { LoaderScope, LoadersOf } from '../../kernel/loaders.js';
import type { Contribution } from '../../plugin-host/contribution.js';
import type { Manifest } from '../../plugin-host/manifest.js';
import { schemaOf } from './storage/plugin-tables.js';

/** The installed version of a plugin as it was read. */
export interface InstalledVersion {
  manifest: Manifest;
  /** null: its process has not described itself. */
  contribution: Contribution | null;
}

export interface KeptVersion {
  version: string;
  packageHash: string;
  installedAt: string;
  isInstalled: boolean;
}

export const pluginLoaders = {
  /** By the id of the plugin. */
  pluginManifests: ({ db }: LoaderScope): DataLoader<string, InstalledVersion> =>
    new DataLoader(async (ids) => {
      const rows = await db.all<InstalledVersion & { id: string }>(sql`
        select p.id, v.manifest, v.contribution
          from plugins p join plugin_versions v on v.plugin_id = p.id and v.package_hash = p.package_hash
         where p.id = any(${ids}::text[])`);
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id) ?? new Error(`Plugin ${id} has no version`));
    }),
  /** By the id of the plugin, the newest first. */
  pluginVersions: ({ db }: LoaderScope): DataLoader<string, KeptVersion[]> =>
    new DataLoader(async (ids) => {
      const rows = await db.all<KeptVersion & { id: string }>(sql`
        select v.plugin_id as id, v.version, v.package_hash as "packageHash", v.installed_at as "installedAt",
               v.package_hash = p.package_hash as "isInstalled"
          from plugin_versions v join plugins p on p.id = v.plugin_id
         where v.plugin_id = any(${ids}::text[]) order by v.id desc`);
      const byId = Map.groupBy(rows, ({ id }) => id);
      return ids.map((id) => byId.get(id) ?? []);
    }),
  /** What the tables of a plugin take on the disk, in bytes. */
  pluginStorageBytes: ({ db }: LoaderScope): DataLoader<string, number> =>
    new DataLoader(async (ids) => {
      const rows = await db.all<{ schema: string; bytes: string }>(sql`
        select n.nspname as schema, sum(pg_total_relation_size(c.oid))::text as bytes
          from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = any(${ids.map(schemaOf)}::text[]) and c.relkind = 'r' group by n.nspname`);
      const bySchema = new Map(rows.map(({ schema, bytes }) => [schema, Number(bytes)]));
      return ids.map((id) => bySchema.get(schemaOf(id)) ?? 0);
    }),
};

export type PluginLoaders = LoadersOf<typeof pluginLoaders>;
