import type { Context } from '../../kernel/context.js';
import { visibilityKey } from '../reader/visibility.js';

type Current = Awaited<ReturnType<Context['refresh']>>;

/** Asks the database once whether a row is visible, for all viewers who see the same rows, while `checks` is kept. */
export const checkedOnce =
  ({ viewer, isVisible }: Current, checks: Map<string, Promise<boolean>>): Current['isVisible'] =>
  (model, id) => {
    const key = keyOf(model, id, viewer);
    const check = checks.get(key) ?? isVisible(model, id);
    checks.set(key, check);
    return check;
  };

/**
 * The same for viewers who ask on their own: a question about the event at `position` is shared until it is answered.
 * One about an earlier event may be answered by what was so before this one.
 */
export const checkedTogether =
  ({ viewer, isVisible }: Current, underWay: Map<string, Promise<boolean>>, position: string): Current['isVisible'] =>
  (model, id) => {
    const key = `${position} ${keyOf(model, id, viewer)}`;
    const check = underWay.get(key) ?? isVisible(model, id).finally(() => underWay.delete(key));
    underWay.set(key, check);
    return check;
  };

const keyOf = (model: Parameters<Current['isVisible']>[0], id: string, viewer: Current['viewer']): string =>
  `${model.entity.name} ${id} ${visibilityKey(model.visibleTo, viewer)}`;
