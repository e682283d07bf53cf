import type { MayHear } from '../../../kernel/event-subscription.js';
import { can, isReader } from '../../../kernel/viewer.js';
import type { InvoicingEvents } from '../events.js';

/** Who paid, and who sees all invoices: what an event says of other invoices is not for the author of one of them. */
export const mayHearOfPayment: MayHear = ({ data }, { viewer }) =>
  isReader(viewer) &&
  (can(viewer, 'invoices:read') || (data as InvoicingEvents['payment.recorded']).customerId === viewer.userId);
