import { raw, sql } from '../../db/sql.js';
import type { CommandContext } from '../../kernel/command.js';
import { containing } from '../../kernel/read-model.js';
import { requirePermission } from '../../kernel/viewer.js';
import { badField } from '../../lib/errors.js';
import { isoSecondsSql } from '../../lib/postgres-text.js';
import { isPurged } from './purge-clients.js';
import { trashDays } from './purge-trash.js';

export interface TrashedClientRow {
  clientId: string;
  name: string;
  deletedAt: string;
  purgedAfter: string;
}

export const mostTrashedClients = 100;

/** The clients in the trash, the last deleted first; `search` as in the list of clients. Throws BAD_USER_INPUT. */
export async function trashedClients(
  { db, viewer }: Pick<CommandContext, 'db' | 'viewer'>,
  { first, search }: { first: number; search?: string | null | undefined },
): Promise<TrashedClientRow[]> {
  requirePermission(viewer, 'clients:write');
  if (first < 0) throw badField('first', 'too_small', 'must be 0 or more');
  if (first > mostTrashedClients) throw badField('first', 'too_large', `must be at most ${mostTrashedClients}`);
  const found = search
    ? sql`c.search_text like ${containing(search.toLowerCase().replaceAll('\0', '\uFFFD'))}`
    : raw('true');
  return db.all<TrashedClientRow>(sql`
    select c.id as "clientId", c.name, ${raw(isoSecondsSql('c.deleted_at'))} as "deletedAt",
           ${raw(isoSecondsSql(`(c.deleted_at + interval '${trashDays} days')`))} as "purgedAfter"
      from clients c where c.deleted_at is not null and not ${isPurged('c')} and ${found}
     order by c.deleted_at desc, c.id limit ${first}`);
}
