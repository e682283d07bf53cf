import { fold } from '../../../lib/fold.js';
import type { StatementRow } from '../statement-files/statement-file.js';
import { BankImportRowStatus as Status } from './bank-import-row.entity.js';
import type { KnownBooking } from './known-bookings.js';

/** A row of a file that could be read. */
export type Booking = StatementRow & { transactionDate: string; amount: string };

export interface ClassifiedBooking {
  booking: Booking;
  status: Status;
  /** What it is a duplicate of. */
  known?: KnownBooking;
  /** The same booking, by the bank's id, above in the same file. */
  sameAs?: Booking;
}

/**
 * What each booking of a file is to an account, in the file's order. The bank's own id decides first: with the same
 * amount it is the same booking, whatever its day and text, and it comes once; with another amount too, all of that id
 * are flagged. Where one of both sides has no id, day, amount and text decide, and each known booking counts once: two
 * known and three in the file are one new. A booking that still is there goes before one that was deleted.
 */
export function classifyRows(
  bookings: readonly Booking[],
  knownBookings: readonly KnownBooking[],
): ClassifiedBooking[] {
  const known = knownBookings.toSorted((left, right) => Number(!left.transactionId) - Number(!right.transactionId));
  const byReference = groupBy(known.filter(hasReference), referenceKey);
  const amountsOf = groupBy([...known, ...bookings].filter(hasReference), ({ bankReference }) => bankReference);
  const found = new Map<Booking, KnownBooking>();
  const firsts = new Map<string, Booking>();
  const used = new Set<KnownBooking>();
  for (const booking of bookings.filter(hasReference)) {
    const [match] = byReference.get(referenceKey(booking)) ?? [];
    if (match) {
      found.set(booking, match);
      used.add(match);
    } else if (!firsts.has(referenceKey(booking))) {
      firsts.set(referenceKey(booking), booking);
    }
  }

  const byText = groupBy(
    known.filter((one) => !used.has(one)),
    textKey,
  );
  return bookings.map((booking): ClassifiedBooking => {
    const first = hasReference(booking) ? firsts.get(referenceKey(booking)) : undefined;
    let match = found.get(booking);
    if (!match && (!first || first === booking)) match = takeFrom(byText.get(textKey(booking)), booking);
    if (match) {
      const status = match.transactionId === null ? Status.DUPLICATE_OF_DELETED : Status.DUPLICATE;
      return { booking, status, known: match };
    }
    if (first && first !== booking) return { booking, status: Status.DUPLICATE, sameAs: first };
    const amounts = new Set(amountsOf.get(booking.bankReference ?? '')?.map(({ amount }) => amount));
    return { booking, status: amounts.size > 1 ? Status.FLAGGED : Status.NEW };
  });
}

type Facts = Pick<KnownBooking, 'transactionDate' | 'amount' | 'description' | 'bankReference'>;

const hasReference = <B extends Facts>(booking: B): booking is B & { bankReference: string } =>
  booking.bankReference !== null;

const referenceKey = ({ amount, bankReference }: Facts): string => `${amount} ${bankReference ?? ''}`;
const textKey = ({ transactionDate, amount, description }: Facts): string =>
  `${transactionDate} ${amount} ${fold(description)}`;

/** The first that the booking may be; two ids of the bank are two bookings. */
function takeFrom(candidates: KnownBooking[] | undefined, booking: Booking): KnownBooking | undefined {
  const index = candidates?.findIndex((one) => one.bankReference === null || booking.bankReference === null) ?? -1;
  return index < 0 ? undefined : candidates?.splice(index, 1)[0];
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
