import { isUniqueViolation, type Transaction } from '../../../db/sql-client.js';
import { holds, set, sql, values } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { listProblems } from '../../../kernel/connection.js';
import { can, requireSignedIn } from '../../../kernel/viewer.js';
import { badInput, duplicateField, forbidden, notFound } from '../../../lib/errors.js';
import { tidyName } from '../../../lib/names.js';
import { rowId } from '../../../lib/row-id.js';
import type { DocumentFilter } from '../files/document.inputs.js';
import { documentReads } from '../files/document.reads.js';
import { problemsOfName } from '../filing/label-facts.js';
import { SavedView } from './saved-view.entity.js';
import { visibleSavedViews, whyNotChangeView } from './saved-view.policy.js';

export interface ViewFacts {
  name?: string | null | undefined;
  filter?: DocumentFilter | null | undefined;
  orderBy?: string | null | undefined;
  isShared?: boolean | null | undefined;
}

interface ViewRow {
  id: number;
  ownerId: number;
  isShared: boolean;
}

/**
 * Saves a view of the viewer's and returns its id. Sharing it needs `documents:write`. Throws CONFLICT when another of
 * their views has the name.
 */
export async function createView(ctx: CommandContext, { name, filter, orderBy, isShared }: ViewFacts): Promise<number> {
  const viewer = requireSignedIn(ctx.viewer, 'write');
  const trimmed = checkedName(name);
  checkFilter(filter);
  if (isShared) requireMayShare(ctx);
  return uniquely(() =>
    ctx.db.transaction(async (tx) => {
      const columns = {
        owner: viewer.userId,
        name: trimmed,
        filter: { ...filter },
        orderBy: orderBy ?? documentReads.list.defaultOrder,
        isShared: isShared ?? false,
      };
      const view = await tx.first<{ id: number }>(
        sql`insert into saved_views ${values(SavedView, columns)} returning id`,
      );
      const { id } = view as { id: number };
      await emit(tx, ctx, 'saved_view.created', ['SavedView', id], { ownerId: viewer.userId });
      return id;
    }),
  );
}

/**
 * Changes a view: facts that are undefined stay, `filter` is replaced as a whole. Only its owner stops sharing it: to
 * anybody else it would be gone then. Throws NOT_FOUND for a view that the viewer cannot see, FORBIDDEN for one that
 * they may not change, CONFLICT when another view of its owner has the name.
 */
export async function updateView(ctx: CommandContext, { id, ...facts }: ViewFacts & { id: string }): Promise<void> {
  requireSignedIn(ctx.viewer, 'write');
  const name = facts.name === undefined ? undefined : checkedName(facts.name);
  checkFilter(facts.filter);
  await uniquely(() =>
    ctx.db.transaction(async (tx) => {
      const view = await lockView(tx, ctx, id);
      if (facts.isShared && !view.isShared) requireMayShare(ctx);
      if (facts.isShared === false && view.ownerId !== ctx.viewer.userId)
        throw forbidden('Only its owner stops sharing a view', 'saved_view.read_only');
      const changes = {
        name,
        filter: facts.filter === undefined ? undefined : { ...facts.filter },
        orderBy: facts.orderBy ?? undefined,
        isShared: facts.isShared ?? undefined,
        updatedAt: sql`now()`,
      };
      await tx.send(sql`update saved_views set ${set(SavedView, changes)} where id = ${view.id}`);
      const wasShared = view.isShared && facts.isShared === false;
      await emit(tx, ctx, 'saved_view.updated', ['SavedView', view.id], { ownerId: view.ownerId, wasShared });
    }),
  );
}

export async function deleteView(ctx: CommandContext, id: string): Promise<void> {
  requireSignedIn(ctx.viewer, 'write');
  await ctx.db.transaction(async (tx) => {
    const view = await lockView(tx, ctx, id);
    await tx.send(sql`delete from saved_views where id = ${view.id}`);
    const { ownerId, isShared: wasShared } = view;
    await emit(tx, ctx, 'saved_view.deleted', ['SavedView', view.id], { ownerId, wasShared });
  });
}

function checkedName(name: string | null | undefined): string {
  const trimmed = tidyName(name ?? '');
  const problems = problemsOfName('name', trimmed);
  if (problems.length) throw badInput(problems);
  return trimmed;
}

/** A view that could not be opened is not kept. */
function checkFilter(filter: DocumentFilter | null | undefined): void {
  const problems = listProblems({ filter: filter ?? null });
  if (problems.length) throw badInput(problems);
}

function requireMayShare({ viewer }: CommandContext): void {
  if (!can(viewer, 'documents:write'))
    throw forbidden('Only a role that edits all documents may share a view with everybody', 'permission');
}

async function lockView(tx: Transaction, { viewer }: CommandContext, id: string): Promise<ViewRow> {
  const view = await tx.first<ViewRow>(sql`
    select t.id, t.owner_id as "ownerId", t.is_shared as "isShared" from saved_views t
     where t.id = ${rowId(id) ?? null}::int and ${holds(visibleSavedViews(viewer), 't')} for update`);
  if (!view) throw notFound('SavedView');
  const reason = whyNotChangeView(viewer, view);
  if (reason) throw forbidden(reason, 'saved_view.read_only');
  return view;
}

async function uniquely<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isUniqueViolation(error)) throw duplicateField('SavedView', 'name', 'Another of your views has this name');
    throw error;
  }
}
