import type { Transaction } from '../../../db/sql-client.js';
import { holds, sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { forbidden, notFound } from '../../../lib/errors.js';
import { isRowId } from '../../../lib/row-id.js';
import type { SharePermission } from './account-share.entity.js';
import { visibleAccounts, whyNotManage, whyNotWrite } from './bank-account.policy.js';

/** An account as commands see it. */
export interface AccountRow {
  id: number;
  ownerId: number;
  name: string;
  typeId: number;
  currency: string;
  balance: string;
  /** What is shared with the viewer; null when nothing is. */
  permission: SharePermission | null;
}

/**
 * Those of the accounts that the viewer may see, by id. They stay locked until the transaction ends: whoever writes
 * into accounts takes them first, all at once, in the order of their ids.
 */
export async function lockVisibleAccounts(
  tx: Transaction,
  { viewer }: Pick<CommandContext, 'viewer'>,
  ids: readonly (string | number)[],
): Promise<Map<number, AccountRow>> {
  const rows = await tx.all<AccountRow>(sql`
    select t.id, t.owner_id as "ownerId", t.name, t.account_type_id as "typeId", t.currency, t.balance,
           (select s.permission from account_shares s
             where s.account_id = t.id and s.user_id = ${viewer.userId ?? null}::int) as permission
      from bank_accounts t
     where t.id = any(${ids.filter(isRowId).map(Number)}::int[]) and ${holds(visibleAccounts(viewer), 't')}
     order by t.id for no key update of t`);
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * The accounts, locked, in the order of the ids, when the viewer may write transactions of each. Throws NOT_FOUND when
 * they may not see one and FORBIDDEN when one is shared with them for reading only.
 */
export async function lockAccounts(
  tx: Transaction,
  ctx: Pick<CommandContext, 'viewer'>,
  ids: readonly (string | number)[],
): Promise<AccountRow[]> {
  const accounts = await lockVisibleAccounts(tx, ctx, ids);
  return ids.map((id) => {
    const account = accounts.get(Number(id));
    if (!account) throw notFound('BankAccount');
    requireWrite(ctx, account);
    return account;
  });
}

/** Throws FORBIDDEN when the account is shared with the viewer for reading only. */
export function requireWrite({ viewer }: Pick<CommandContext, 'viewer'>, account: AccountRow): void {
  const reason = whyNotWrite(viewer, account);
  if (reason) throw forbidden(reason, 'account.read_only');
}

/** The account, locked, when it is the viewer's own. Throws NOT_FOUND or FORBIDDEN. */
export async function lockOwnAccount(tx: Transaction, ctx: CommandContext, id: string): Promise<AccountRow> {
  const account = (await lockVisibleAccounts(tx, ctx, [id])).get(Number(id));
  if (!account) throw notFound('BankAccount');
  const reason = whyNotManage(ctx.viewer, account);
  if (reason) throw forbidden(reason, 'account.not_own');
  return account;
}
