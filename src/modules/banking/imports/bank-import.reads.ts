import { wholeList } from '../../../kernel/connection.js';
import { column, equals, type ListedReadModel, rowsOfParent } from '../../../kernel/read-model.js';
import { visibleInAccounts } from '../accounts/bank-account.policy.js';
import { BankImportRow } from './bank-import-row.entity.js';
import { BankImport } from './bank-import.entity.js';

export const bankImportReads: ListedReadModel<BankImport> = {
  entity: BankImport,
  visibleTo: visibleInAccounts,
  list: {
    defaultOrder: 'ID_DESC',
    largestPage: 1000,
    orders: { ID: column('id', 'int') },
    filters: { accountId: equals('account_id', 'int') },
  },
};

export const bankImportRowReads: ListedReadModel<BankImportRow> = {
  entity: BankImportRow,
  visibleTo: (viewer) => rowsOfParent('imports', 'import_id', visibleInAccounts(viewer)),
  list: { defaultOrder: 'LINE_ASC', largestPage: wholeList, orders: { LINE: column('line', 'int') }, filters: {} },
};
