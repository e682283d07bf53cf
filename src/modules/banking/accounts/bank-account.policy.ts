import { noRow, ownRows, type Predicate, rowsOfParent } from '../../../kernel/read-model.js';
import { isReader, type Viewer } from '../../../kernel/viewer.js';
import { SharePermission } from './account-share.entity.js';

/** The accounts that are shared with somebody, as an array that is read once. */
const sharedAccounts = (person: string): string =>
  `any (array(select s.account_id from account_shares s where s.user_id = ${person}::int))`;

/** Rows of one's own accounts and of those that are shared with one; `key` is the column that names the account. */
function rowsOfAccounts(viewer: Viewer, key: 'id' | 'account_id'): Predicate {
  if (!isReader(viewer)) return noRow;
  const { userId } = viewer;
  const owned: Predicate = (alias, bind) => `${alias}.owner_id = ${bind(userId)}::int`;
  const shared: Predicate = (alias, bind) => `${alias}.${key} = ${sharedAccounts(bind(userId))}`;
  return Object.assign<Predicate, Pick<Predicate, 'parts'>>(
    (alias, bind) => `${owned(alias, bind)} or ${shared(alias, bind)}`,
    {
      parts: [
        owned,
        // Nobody shares anything with most people: that is asked once, and nothing is read for them.
        (alias, bind) => `exists (select 1 from account_shares any_share where any_share.user_id = ${bind(userId)}::int)
          and ${shared(alias, bind)} and ${alias}.owner_id <> ${bind(userId)}::int`,
      ],
    },
  );
}

/** One's own accounts and those that are shared with one. Nobody else's, whatever the role: money is private. */
export const visibleAccounts = (viewer: Viewer): Predicate => rowsOfAccounts(viewer, 'id');

/** What is in an account that the viewer may see; the row repeats the account's owner. */
export const visibleInAccounts = (viewer: Viewer): Predicate => rowsOfAccounts(viewer, 'account_id');

/** As `rowsOfAccounts`, of those that the viewer may write: one's own, or shared for writing; as `whyNotWrite` says. */
function rowsOfWritable(viewer: Viewer, key: 'id' | 'account_id'): Predicate {
  if (!isReader(viewer)) return noRow;
  const { userId } = viewer;
  return (alias, bind) => {
    const me = `${bind(userId)}::int`;
    return `${alias}.owner_id = ${me} or exists (select 1 from account_shares written
      where written.account_id = ${alias}.${key} and written.user_id = ${me} and written.permission = 'write')`;
  };
}

/** The accounts that the viewer may write transactions of. */
export const writableAccounts = (viewer: Viewer): Predicate => rowsOfWritable(viewer, 'id');

/** What is in an account that the viewer may write. */
export const writableInAccounts = (viewer: Viewer): Predicate => rowsOfWritable(viewer, 'account_id');

/** The owner of an account sees whom it is shared with, and everybody that it is shared with them. */
export function visibleShares(viewer: Viewer): Predicate {
  if (!isReader(viewer)) return noRow;
  const { userId } = viewer;
  const ofOwner = rowsOfParent('bank_accounts', 'account_id', ownRows(viewer, 'owner_id'));
  return (alias, bind) => `${alias}.user_id = ${bind(userId)}::int or ${ofOwner(alias, bind)}`;
}

export interface AccountAccess {
  ownerId: number;
  /** What is shared with the viewer; null when nothing is. */
  permission: SharePermission | null;
}

/** Undefined when the viewer may write transactions of the account, otherwise the reason. */
export function whyNotWrite(viewer: Viewer, { ownerId, permission }: AccountAccess): string | undefined {
  if (viewer.userId === ownerId || permission === SharePermission.WRITE) return undefined;
  return 'The account is shared with you for reading only';
}

/** Undefined when the viewer may change or delete the account itself and share it, otherwise the reason. */
export const whyNotManage = (viewer: Viewer, { ownerId }: Pick<AccountAccess, 'ownerId'>): string | undefined =>
  viewer.userId === ownerId ? undefined : 'Only its owner changes an account or shares it';
