import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Context } from '../../../kernel/context.js';
import type { Viewer } from '../../../kernel/viewer.js';
import { conflict, type DomainError, type FieldProblem, forbidden, notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { visibleDocuments, whyNotChange } from './document.policy.js';

/** What a command needs of a request: no reader, which must not run inside a transaction. */
export type CommandContext = Pick<Context, 'db' | 'em' | 'viewer' | 'services' | 'requestId' | 'ip' | 'log'>;

/** Runs a statement in the transaction of `em` when it has one. Placeholders are `?`, in the order of `parameters`. */
export const execute = <R extends object>(
  em: SqlEntityManager,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<R[]> => em.getDriver().execute<R[]>(sql, [...parameters], 'all', em.getTransactionContext());

/** PostgreSQL's array literal, for `= any(?::int[])`. */
export const intArray = (ids: Iterable<number>): string => `{${[...ids].join(',')}}`;

export interface LockedDocument {
  id: number;
  title: string;
  ownerId: number;
  contentHash: string;
  isTrashed: boolean;
}

const lockedColumns = `t.id, t.title, t.owner_id as "ownerId", t.content_hash as "contentHash", t.deleted_at is not null as "isTrashed"`;

/** Locks the documents among `ids` that the viewer may see, in the order of their ids so that two commands can't deadlock. */
export function lockVisibleDocuments(
  em: SqlEntityManager,
  viewer: Viewer,
  ids: readonly number[],
): Promise<LockedDocument[]> {
  const parameters: unknown[] = [intArray(ids)];
  const visible = visibleDocuments(viewer)('t', (value) => (parameters.push(value), '?'));
  return execute<LockedDocument>(
    em,
    `select ${lockedColumns} from documents t where t.id = any(?::int[]) and (${visible}) order by t.id for update`,
    parameters,
  );
}

/** Locks one document for a change. Throws NOT_FOUND when the viewer can't see it, FORBIDDEN with the reason when they may not change it. */
export async function lockDocument(em: SqlEntityManager, viewer: Viewer, id: string): Promise<LockedDocument> {
  const number = rowId(id);
  const [document] = number === undefined ? [] : await lockVisibleDocuments(em, viewer, [number]);
  if (!document) throw notFound('Document');
  const reason = whyNotChange(viewer, { owner: { id: document.ownerId } });
  if (reason) throw forbidden(reason, 'document.read_only');
  return document;
}

/** Like `lockDocument`, for what is not in the trash: what lies there counts as absent. */
export async function lockFiledDocument(em: SqlEntityManager, viewer: Viewer, id: string): Promise<LockedDocument> {
  const document = await lockDocument(em, viewer, id);
  if (document.isTrashed) throw notFound('Document');
  return document;
}

/** The answer to a value that another row has already. */
export const duplicateField = (subject: string, path: string, message: string): DomainError => {
  const fields: FieldProblem[] = [{ path: [path], code: 'duplicate', message }];
  return conflict(`${path}: ${message}`, { fields, subject, reason: 'duplicate' });
};

/** The `set` list of an update: columns whose value is undefined keep theirs. */
export function assignments(columns: Readonly<Record<string, unknown>>): { sql: string; parameters: unknown[] } {
  const given = Object.entries(columns).filter(([, value]) => value !== undefined);
  return {
    sql: [...given.map(([name]) => `${name} = ?`), 'updated_at = now()'].join(', '),
    parameters: given.map(([, value]) => value),
  };
}
