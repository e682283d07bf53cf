import type { SqlRunner, Transaction } from '../../db/sql-client.js';
import { holds, raw, sql } from '../../db/sql.js';
import type { Viewer } from '../../kernel/viewer.js';
import { notFound } from '../../lib/errors.js';
import { isUuid } from '../../lib/uuid.js';
import type { ClientStatus } from './client.entity.js';
import { visibleClients } from './client.policy.js';

/** A client as it is while nobody else changes it. */
export interface LockedClient {
  id: string;
  name: string;
  companyName: string | null;
  email: string | null;
  phone: string | null;
  address: string | null;
  contactName: string | null;
  notes: string | null;
  status: ClientStatus;
  version: number;
  anonymizedAt: string | null;
}

const columns = raw(`c.id, c.name, c.company_name as "companyName", c.email, c.phone, c.address,
  c.contact_name as "contactName", c.notes, c.status, c.version, c.anonymized_at as "anonymizedAt"`);

/** The client, which nobody else changes until the transaction ends; rows that refer to it may. Throws NOT_FOUND. */
export async function lockClient(tx: Transaction, viewer: Viewer, id: string): Promise<LockedClient> {
  const client = isUuid(id)
    ? await tx.first<LockedClient>(sql`
        select ${columns} from clients c where c.id = ${id}::uuid and ${holds(visibleClients(viewer), 'c')}
           for no key update`)
    : undefined;
  if (!client) throw notFound('Client');
  return client;
}

/**
 * The id of a client that stays out of the trash until the transaction ends: for whatever is made for it. Throws
 * NOT_FOUND.
 */
export async function holdClient(tx: Transaction, viewer: Viewer, id: string): Promise<string> {
  const held = await heldClient(tx, viewer, id);
  if (held === undefined) throw notFound('Client');
  return held;
}

/** The same; undefined when there is none. */
export async function heldClient(tx: SqlRunner, viewer: Viewer, id: string): Promise<string | undefined> {
  const client = isUuid(id)
    ? await tx.first<{ id: string }>(sql`
        select c.id from clients c where c.id = ${id}::uuid and ${holds(visibleClients(viewer), 'c')} for share`)
    : undefined;
  return client?.id;
}
