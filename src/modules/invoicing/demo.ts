import type { DemoFirm } from '../../kernel/demo.js';
import { createInvoice } from './create-invoice.js';
import { InvoiceStatus } from './invoice.entity.js';

/** An issued invoice and a draft. */
export async function fillInvoicingDemo({ as, people }: DemoFirm): Promise<void> {
  const customerId = String(people.get('hugo.demo'));
  for (const [description, quantity, unitPrice, status] of [
    ['Recherche de fuite (démo)', '2', '85.00', InvoiceStatus.ISSUED],
    ['Détection acoustique (démo)', '1', '240.00', InvoiceStatus.DRAFT],
  ] as const) {
    await createInvoice(as('claire.demo'), {
      customerId,
      status,
      items: [{ description, quantity, unitPrice, vatRate: '20' }],
    });
  }
}
