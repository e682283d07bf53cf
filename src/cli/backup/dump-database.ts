import { createHash } from 'node:crypto';
import type { ArchiveWriter } from './archive.js';
import { type Manifest, jobsName, partEntry } from './manifest.js';
import { quoted, quotedTable, type Session } from './session.js';

export const beginSnapshot = (session: Session): Promise<void> =>
  session.run('begin transaction isolation level repeatable read, read only');

/** The tables of the product, by their names; partitions belong to theirs. The job queue's own are not among them. */
export interface TableFacts {
  name: string;
  columns: string[];
  /** Where its rows lie: itself, or its partitions. */
  leaves: string[];
}

const isOurSchema = (column: string): string =>
  `${column} not like 'pg\\_%' and ${column} not in ('information_schema', 'pgboss')`;

export const tablesOf = (session: Session): Promise<TableFacts[]> =>
  session.all<TableFacts>(`
    select n.nspname || '.' || c.relname as name,
           array(select a.attname::text from pg_attribute a
                  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                  order by a.attnum) as columns,
           array(select ln.nspname || '.' || l.relname from pg_partition_tree(c.oid) t
                   join pg_class l on l.oid = t.relid
                   join pg_namespace ln on ln.oid = l.relnamespace where t.isleaf order by l.relname) as leaves
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence = 'p' and ${isOurSchema('n.nspname')}
     order by 1`);

/** `pg_partition_tree` gives nothing for a plain table. */
export const leavesOf = ({ name, leaves }: TableFacts): string[] => (leaves.length > 0 ? leaves : [name]);

/** How many rows there are, and the sum of a hash of each. */
export async function sumOf(
  session: Session,
  { name, columns }: Pick<TableFacts, 'name' | 'columns'>,
): Promise<{ rows: number; checksum: string }> {
  const row = `row(${columns.map((column) => `t.${quoted(column)}`).join(', ')})::text`;
  const [sum] = await session.all<{ rows: string; checksum: string }>(
    `select count(*)::text as rows, coalesce(sum(hashtextextended(${row}, 0)::numeric), 0)::text as checksum
       from ${quotedTable(name)} t`,
  );
  return { rows: Number(sum?.rows), checksum: sum?.checksum ?? '' };
}

/** Writes the rows of a table into the archive. */
export async function dumpTable(
  session: Session,
  table: TableFacts,
  { archive, advance }: { archive: ArchiveWriter; advance: (bytes: number) => void },
): Promise<Manifest['tables'][number]> {
  const parts: string[] = [];
  for (const leaf of leavesOf(table))
    for await (const piece of session.copyOut(leaf, table.columns)) {
      parts.push(await archive.add(partEntry(table.name, parts.length), piece.length, [piece]));
      advance(piece.length);
    }
  return { name: table.name, columns: table.columns, ...(await sumOf(session, table)), parts };
}

/** Jobs that wait, and those under way, which a restored server tries again. Few: they are kept in memory. */
export async function dumpJobs(session: Session, archive: ArchiveWriter): Promise<Manifest['jobs']> {
  const [queue] = await session.all<{ exists: boolean }>(`select to_regclass('pgboss.job') is not null as exists`);
  const jobs = queue?.exists
    ? await session.all<{ job: string }>(`
        select json_build_object('name', name, 'id', id, 'data', data, 'priority', priority,
                                 'startAfter', start_after, 'singletonKey', singleton_key)::text as job
          from pgboss.job where state < 'completed' and name not like '\\_\\_pgboss\\_\\_%' order by created_on, id`)
    : [];
  const bytes = Buffer.from(jobs.map(({ job }) => `${job}\n`).join(''));
  await archive.add(jobsName, bytes.length, [bytes]);
  return { rows: jobs.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

export const sequencesOf = (session: Session): Promise<Manifest['sequences']> =>
  session.all(`
    select schemaname || '.' || sequencename as name, last_value::text as last from pg_sequences
     where ${isOurSchema('schemaname')} order by 1`);

/** What made the schemas of plugins: their migrations as they ran. */
export const pluginSchemasOf = (session: Session): Promise<Manifest['pluginSchemas']> =>
  session.all(`
    select schema_name as name, jsonb_agg(steps order by position) as migrations
      from plugin_migrations group by schema_name order by schema_name`);

/** First days of the months that have a partition of the log of events. */
export async function eventMonthsOf(session: Session): Promise<string[]> {
  const found = await session.all<{ month: string }>(`
    select replace(substring(c.relname from 'events_(\\d{4}_\\d{2})$'), '_', '-') || '-01' as month
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relispartition and n.nspname = 'public' and c.relname ~ '^events_\\d{4}_\\d{2}$' order by 1`);
  return found.map(({ month }) => month);
}
