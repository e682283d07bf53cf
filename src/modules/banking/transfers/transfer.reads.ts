import { column, type ListedReadModel } from '../../../kernel/read-model.js';
import { isRowId } from '../../../lib/row-id.js';
import { Transfer } from './transfer.entity.js';
import { visibleTransfers } from './transfer.policy.js';

export const transferReads: ListedReadModel<Transfer> = {
  entity: Transfer,
  visibleTo: visibleTransfers,
  list: {
    defaultOrder: 'TRANSFER_DATE_DESC',
    orders: {
      TRANSFER_DATE: column('transfer_date', 'date'),
      AMOUNT: column('amount', 'numeric'),
      ID: column('id', 'int'),
    },
    filters: {
      accountId: (value: string, a, bind) =>
        isRowId(value)
          ? `${a}.id = any (array(select leg.transfer_id from transactions leg
              where leg.transfer_id is not null and leg.account_id = ${bind(value)}::int))`
          : 'false',
      startDate: (value: string, a, bind) => `${a}.transfer_date >= ${bind(value)}::date`,
      endDate: (value: string, a, bind) => `${a}.transfer_date <= ${bind(value)}::date`,
    },
  },
};
