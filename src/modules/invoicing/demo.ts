import type { DemoFirm } from '../../kernel/demo.js';
import { createInvoice } from './create-invoice.js';
import { createCreditNote } from './credit-notes/create-credit-note.js';
import { InvoiceStatus } from './invoice.entity.js';
import { issueDay } from './issue-day.js';
import { recordPayment } from './payments/record-payment.js';
import { fillWholeInvoicingDemo } from './whole-demo.js';

/** An invoice that is paid in part and credited in part, one that is paid, and a draft. */
export async function fillInvoicingDemo(firm: DemoFirm): Promise<void> {
  const customerId = String(firm.people.get('hugo.demo'));
  const ctx = firm.as('claire.demo');
  const bill = async (description: string, quantity: string, unitPrice: string, status: InvoiceStatus) => {
    const items = [{ description, quantity, unitPrice, vatRate: '20' }];
    return String(await createInvoice(ctx, { customerId, status, items }));
  };
  const pay = (invoiceId: string, amount: string) =>
    recordPayment(ctx, { amount, paymentDate: issueDay(ctx.services.now()), allocations: [{ invoiceId }] });

  const search = await bill('Recherche de fuite (démo)', '2', '85.00', InvoiceStatus.ISSUED);
  await pay(search, '100.00');
  const items = [{ description: 'Remise (démo)', quantity: '1', unitPrice: '20.00', vatRate: '20' }];
  await createCreditNote(ctx, { invoiceId: search, items, reason: 'Remise accordée (démo)' });
  await pay(await bill('Contrôle d’étanchéité (démo)', '1', '150.00', InvoiceStatus.ISSUED), '180.00');
  await bill('Détection acoustique (démo)', '1', '240.00', InvoiceStatus.DRAFT);
  if (firm.isWhole) await fillWholeInvoicingDemo(firm);
}
