import { type Predicate, everyRow, noRow } from '../read-model.js';
import { can, type Viewer } from '../viewer.js';

const signedIn = (viewer: Viewer): boolean => viewer.userId !== undefined && viewer.scopes.has('read');

/** Oneself; all for `users:read`; and the names of colleagues for whoever sees all documents. */
export function visibleUsers(viewer: Viewer): Predicate {
  if (can(viewer, 'users:read') || can(viewer, 'documents:read')) return everyRow;
  return ownUser(viewer);
}

/** Whose private fields are shown: one's own, or all for `users:read`. */
export function visiblePrivateFields(viewer: Viewer): Predicate {
  return can(viewer, 'users:read') ? everyRow : ownUser(viewer);
}

const ownUser = (viewer: Viewer): Predicate =>
  signedIn(viewer) ? (alias, bind) => `${alias}.id = ${bind(viewer.userId)}::int` : noRow;

/** All roles for `roles:read`, otherwise one's own. */
export const visibleRoles = (viewer: Viewer): Predicate => {
  if (can(viewer, 'roles:read')) return everyRow;
  return signedIn(viewer)
    ? (alias, bind) => `exists (select 1 from user_roles vr where vr.role_id = ${alias}.id and vr.user_id = ${bind(viewer.userId)}::int)`
    : noRow;
};

export const visiblePermissions = (viewer: Viewer): Predicate => (signedIn(viewer) ? everyRow : noRow);

/** Tokens and sessions: one's own, or all for `users:write`. */
export const visibleCredentials = (viewer: Viewer): Predicate => {
  if (can(viewer, 'users:write') && can(viewer, 'users:read')) return everyRow;
  return signedIn(viewer) ? (alias, bind) => `${alias}.user_id = ${bind(viewer.userId)}::int` : noRow;
};

/** API tokens, like the other credentials, but never under an API token: they are managed only in person. */
export const visibleApiTokens = (viewer: Viewer): Predicate =>
  viewer.credential.kind === 'api_token' ? noRow : visibleCredentials(viewer);
