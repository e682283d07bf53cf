import { everyRow, noRow, ownRows, type Predicate } from '../../kernel/read-model.js';
import { can, isReader, type Viewer } from '../../kernel/viewer.js';

/** Whoever reads the accounts or all documents knows everybody's name. */
export const seesEverybody = (viewer: Viewer): boolean => can(viewer, 'users:read') || can(viewer, 'documents:read');

/**
 * Oneself and those one shares documents or bank accounts with; all for `users:read`; the names of all for whoever sees
 * all documents.
 */
export function visibleUsers(viewer: Viewer): Predicate {
  if (seesEverybody(viewer)) return everyRow;
  if (!isReader(viewer)) return noRow;
  return (alias, bind) => {
    // Bound anew at each place: not every statement numbers its parameters.
    const me = (): string => `${bind(viewer.userId)}::int`;
    // Two conditions that an index answers each. The first is computed once for all people; `offset 0` keeps PostgreSQL
    // from computing the second for everybody beforehand.
    return `${alias}.id = ${me()}
      or ${alias}.id = any (array(
        select vd.owner_id from document_shares vs join documents vd on vd.id = vs.document_id
         where vs.user_id = ${me()}
        union select va.owner_id from account_shares vs join bank_accounts va on va.id = vs.account_id
         where vs.user_id = ${me()}
        union select vs.user_id from account_shares vs join bank_accounts va on va.id = vs.account_id
         where va.owner_id = ${me()}))
      or exists (
        select 1 from document_shares vs join documents vd on vd.id = vs.document_id
         where vs.user_id = ${alias}.id and vd.owner_id = ${me()} offset 0)`;
  };
}

/** Whose private fields are shown: one's own, or all for `users:read`. */
export function visiblePrivateFields(viewer: Viewer): Predicate {
  return can(viewer, 'users:read') ? everyRow : ownRows(viewer, 'id');
}

/** All for `roles:read`, and for `users:read`, which shows people with their roles; others see those that they hold. */
export const visibleRoles = (viewer: Viewer): Predicate => {
  if (can(viewer, 'roles:read') || can(viewer, 'users:read')) return everyRow;
  return isReader(viewer)
    ? (alias, bind) =>
        `exists (select 1 from role_assignments vr
          where vr.role_id = ${alias}.id and vr.user_id = ${bind(viewer.userId)}::int)`
    : noRow;
};

/** One's own, or all for `roles:read`. */
export const visibleRoleAssignments = (viewer: Viewer): Predicate => {
  if (can(viewer, 'roles:read')) return everyRow;
  return ownRows(viewer);
};

/** Those of the roles that the viewer sees. */
export const visiblePermissions = (viewer: Viewer): Predicate => {
  if (can(viewer, 'roles:read') || can(viewer, 'users:read')) return everyRow;
  return isReader(viewer)
    ? (alias, bind) =>
        `exists (select 1 from role_permissions vp join role_assignments vr on vr.role_id = vp.role_id
          where vp.permission_id = ${alias}.id and vr.user_id = ${bind(viewer.userId)}::int)`
    : noRow;
};

/** Tokens, sessions and devices: one's own, or all for administrators. */
export const visibleCredentials = (viewer: Viewer): Predicate => {
  if (can(viewer, '*:*') && isReader(viewer)) return everyRow;
  return ownRows(viewer);
};

/** A registration's session signs nobody in, so it is not among those of a person. */
export const visibleSessions =
  (viewer: Viewer): Predicate =>
  (alias, bind) =>
    `${alias}.kind <> 'ceremony' and (${visibleCredentials(viewer)(alias, bind)})`;

/** API tokens and passkeys: like `visibleCredentials`, but nothing under a token or a key. They need a session. */
export const visibleInPerson = (viewer: Viewer): Predicate =>
  viewer.credential.kind === 'api_token' || viewer.credential.kind === 'api_key' ? noRow : visibleCredentials(viewer);

/** API keys: like `visibleInPerson`, for those who may have keys. */
export const visibleApiKeys = (viewer: Viewer): Predicate =>
  can(viewer, 'api_keys:read') ? visibleInPerson(viewer) : noRow;
