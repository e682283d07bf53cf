import { column, equals, type ListedReadModel, type ReadModel } from '../../../kernel/read-model.js';
import { PaymentAllocation } from './payment-allocation.entity.js';
import { Payment } from './payment.entity.js';
import { visibleAllocations, visiblePayments } from './payment.policy.js';

export const paymentReads: ListedReadModel<Payment> = {
  entity: Payment,
  visibleTo: visiblePayments,
  list: {
    defaultOrder: 'PAYMENT_DATE_DESC',
    orders: { PAYMENT_DATE: column('paid_at', 'date'), AMOUNT: column('amount', 'numeric'), ID: column('id', 'int') },
    filters: {
      customerId: equals('customer_id', 'int'),
      transactionId: equals('transaction_id', 'int'),
      startDate: (value: string, a, bind) => `${a}.paid_at >= ${bind(value)}::date`,
      endDate: (value: string, a, bind) => `${a}.paid_at <= ${bind(value)}::date`,
      isAllocated: (value: boolean, alias) => `${alias}.amount_allocated ${value ? '=' : '<'} ${alias}.amount`,
    },
  },
};

export const paymentAllocationReads: ReadModel<PaymentAllocation> = {
  entity: PaymentAllocation,
  visibleTo: visibleAllocations,
};
