import { noRow, type Predicate } from '../../kernel/read-model.js';
import type { Viewer } from '../../kernel/viewer.js';

/** One's own, for administrators too: what somebody is told is nobody else's business. */
export const visibleNotifications = ({ userId, scopes }: Viewer): Predicate =>
  userId !== undefined && scopes.has('read') ? (alias, bind) => `${alias}.user_id = ${bind(userId)}::int` : noRow;
