import { UniqueConstraintViolationException } from '@mikro-orm/core';
import { emit } from '../../../events/outbox.js';
import { can, requireSignedIn } from '../../../kernel/viewer.js';
import { badInput, forbidden, notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import type { DocumentFilter } from '../files/document.inputs.js';
import { documentReads } from '../files/document.reads.js';
import { assignments, type CommandContext, duplicateField, execute } from '../files/write-rows.js';
import { problemsOfName } from '../filing/label-facts.js';
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

/** Keeps a view of the viewer. Sharing needs `documents:write`. Throws CONFLICT when another of their views has the name. */
export async function createView(ctx: CommandContext, { name, filter, orderBy, isShared }: ViewFacts): Promise<number> {
  const viewer = requireSignedIn(ctx.viewer, 'write');
  const trimmed = checkedName(name);
  if (isShared) requireMayShare(ctx);
  return uniquely(() =>
    ctx.em.transactional(async (em) => {
      const [view] = await execute<{ id: number }>(
        em,
        'insert into saved_views (owner_id, name, filter, order_by, is_shared) values (?, ?, ?::jsonb, ?, ?) returning id',
        [
          viewer.userId,
          trimmed,
          JSON.stringify(filter ?? {}),
          orderBy ?? documentReads.list.defaultOrder,
          isShared ?? false,
        ],
      );
      const { id } = view as { id: number };
      await emit(em, ctx, 'saved_view.created', ['SavedView', id], { ownerId: viewer.userId });
      return id;
    }),
  );
}

/** Changes a view: facts that are undefined stay, `filter` is replaced as a whole. */
export async function updateView(ctx: CommandContext, { id, ...facts }: ViewFacts & { id: string }): Promise<void> {
  requireSignedIn(ctx.viewer, 'write');
  const name = facts.name === undefined ? undefined : checkedName(facts.name);
  await uniquely(() =>
    ctx.em.transactional(async (em) => {
      const view = await lockView(em, ctx, id);
      if (facts.isShared && !view.isShared) requireMayShare(ctx);
      const changes = assignments({
        name,
        filter: facts.filter === undefined ? undefined : JSON.stringify(facts.filter ?? {}),
        order_by: facts.orderBy ?? undefined,
        is_shared: facts.isShared ?? undefined,
      });
      await execute(
        em,
        `update saved_views set ${changes.sql.replace('filter = ?', 'filter = ?::jsonb')} where id = ?`,
        [...changes.parameters, view.id],
      );
      await emit(em, ctx, 'saved_view.updated', ['SavedView', view.id], { ownerId: view.ownerId });
    }),
  );
}

export async function deleteView(ctx: CommandContext, id: string): Promise<void> {
  requireSignedIn(ctx.viewer, 'write');
  await ctx.em.transactional(async (em) => {
    const view = await lockView(em, ctx, id);
    await execute(em, 'delete from saved_views where id = ?', [view.id]);
    await emit(em, ctx, 'saved_view.deleted', ['SavedView', view.id], { ownerId: view.ownerId });
  });
}

function checkedName(name: string | null | undefined): string {
  const trimmed = (name ?? '').trim();
  const problems = problemsOfName('name', trimmed);
  if (problems.length) throw badInput(problems);
  return trimmed;
}

function requireMayShare({ viewer }: CommandContext): void {
  if (!can(viewer, 'documents:write'))
    throw forbidden('Only a role that edits all documents may share a view with everybody', 'permission');
}

async function lockView(em: CommandContext['em'], { viewer }: CommandContext, id: string): Promise<ViewRow> {
  const parameters: unknown[] = [rowId(id) ?? null];
  const visible = visibleSavedViews(viewer)('t', (value) => (parameters.push(value), '?'));
  const [view] = await execute<ViewRow>(
    em,
    `select t.id, t.owner_id as "ownerId", t.is_shared as "isShared" from saved_views t where t.id = ?::int and (${visible}) for update`,
    parameters,
  );
  if (!view) throw notFound('SavedView');
  const reason = whyNotChangeView(viewer, view);
  if (reason) throw forbidden(reason, 'saved_view.read_only');
  return view;
}

async function uniquely<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException)
      throw duplicateField('SavedView', 'name', 'Another of your views has this name');
    throw error;
  }
}
