import type { SqlRunner, Transaction } from '../../db/sql-client.js';
import { json, sql } from '../../db/sql.js';
import { conflict, notFound } from '../../lib/errors.js';
import type { Contribution } from '../../plugin-host/contribution.js';
import type { Manifest } from '../../plugin-host/manifest.js';
import { pluginChannel } from './plugin-runtime.js';

/** A plugin with what its installed version says. */
export interface PluginRow {
  id: string;
  name: string;
  status: 'installed' | 'active' | 'disabled' | 'failed';
  reason: string | null;
  version: string;
  source: string;
  requestedVersion: string | null;
  grants: string[];
  settings: Record<string, unknown>;
  sealed: string | null;
  runAsId: number | null;
  packageHash: string;
  manifest: Manifest;
  contribution: Contribution | null;
}

/** Throws NOT_FOUND. */
export async function pluginRow(db: SqlRunner, id: string): Promise<PluginRow> {
  const row = await db.first<PluginRow>(sql`
    select p.id, p.name, p.status, p.reason, p.version, p.source, p.requested_version as "requestedVersion", p.grants,
           p.settings, p.sealed_settings as sealed, p.run_as_id as "runAsId", p.package_hash as "packageHash",
           v.manifest, v.contribution
      from plugins p join plugin_versions v on v.plugin_id = p.id and v.package_hash = p.package_hash
     where p.id = ${id}`);
  if (!row) throw notFound('Plugin');
  return row;
}

/**
 * Counts the revision up, and tells every process with the commit. Whoever else changes plugins waits until then.
 * Throws CONFLICT when plugins changed since `seen`: what was tried out is not what would be served.
 */
export async function nextRevision(tx: Transaction, seen: string): Promise<string> {
  const row = await tx.first<{ revision: string }>(sql`
    update plugin_revision set revision = revision + 1 where revision = ${seen}::bigint
    returning revision::text as revision`);
  if (!row) throw pluginsChanged();
  await tx.send(sql`select pg_notify(${pluginChannel}, '')::text`);
  return row.revision;
}

const changedMeanwhile = 'plugin.changed_meanwhile';
const pluginsChanged = () =>
  conflict('Plugins were changed at the same time, again and again', { subject: 'Plugin', reason: changedMeanwhile });

/** Does the work again, from its reading on, when somebody else changed plugins during it. */
export async function untilUndisturbed<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const { reason } = (error as { options?: { reason?: string } }).options ?? {};
      if (reason !== changedMeanwhile || tries === 8) throw error;
    }
  }
}

/** As many former versions stay for `rollbackPlugin`. */
const versionsKept = 5;

export interface NewVersion {
  manifest: Manifest;
  contribution: Contribution | null;
  hash: string;
  sizeBytes: number;
}

/** A step: notes a version, as the newest. Returns the packages of versions that are kept no more. */
export async function noteVersion(
  tx: Transaction,
  id: string,
  { manifest, contribution, hash, sizeBytes }: NewVersion,
  now: Date,
): Promise<string[]> {
  await tx.send(sql`delete from plugin_versions where plugin_id = ${id} and package_hash = ${hash}`);
  await tx.send(sql`
    insert into plugin_versions (plugin_id, version, package_hash, size_bytes, manifest, contribution, installed_at)
    values (${id}, ${manifest.version}, ${hash}, ${sizeBytes}, ${json(manifest)},
            ${contribution === null ? null : json(contribution)}, ${now})`);
  const dropped = await tx.all<{ hash: string }>(sql`
    delete from plugin_versions
     where id in (select v.id from plugin_versions v join plugins p on p.id = v.plugin_id
                   where v.plugin_id = ${id} and v.package_hash <> p.package_hash and v.package_hash <> ${hash}
                   order by v.id desc offset ${versionsKept})
    returning package_hash as hash`);
  return dropped.map(({ hash: one }) => one);
}

/** A step: what the process of the installed version said of itself. */
export const noteContribution = (
  tx: Transaction,
  id: string,
  hash: string,
  contribution: Contribution,
): Promise<void> =>
  tx.send(sql`
    update plugin_versions set contribution = ${json(contribution)}
     where plugin_id = ${id} and package_hash = ${hash}`);
