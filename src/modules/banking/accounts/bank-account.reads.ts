import {
  column,
  contains,
  equals,
  everyRow,
  type ListedReadModel,
  type ReadModel,
} from '../../../kernel/read-model.js';
import { AccountShare } from './account-share.entity.js';
import { BankAccountType } from './bank-account-type.entity.js';
import { BankAccount } from './bank-account.entity.js';
import { visibleAccounts, visibleShares } from './bank-account.policy.js';

export const bankAccountTypeReads: ListedReadModel<BankAccountType> = {
  entity: BankAccountType,
  visibleTo: () => everyRow,
  list: { defaultOrder: 'ID_ASC', orders: { ID: column('id', 'int') }, filters: {} },
};

export const bankAccountReads: ListedReadModel<BankAccount> = {
  entity: BankAccount,
  visibleTo: visibleAccounts,
  list: {
    defaultOrder: 'ID_ASC',
    largestPage: 1000,
    // A person has few: who wants them by name or balance sorts what they got.
    orders: { ID: column('id', 'int') },
    filters: { typeId: equals('account_type_id', 'int'), search: contains((a) => `${a}.name`) },
  },
};

export const accountShareReads: ReadModel<AccountShare> = { entity: AccountShare, visibleTo: visibleShares };
