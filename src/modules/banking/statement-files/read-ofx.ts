import { decimalSignOf, readAmount } from './statement-amounts.js';
import { readDate } from './statement-dates.js';
import {
  descriptionOf,
  fileProblem,
  referenceOf,
  severalAccounts,
  statementLimits,
  type StatementFile,
  type StatementProblem,
  type StatementRow,
  tooManyRows,
} from './statement-file.js';
import { decodeText, encodingNamed } from './statement-text.js';

/** The elements of one STMTTRN, first ones win; `NAME` also from PAYEE. */
type Booking = Map<string, string> & { isClosed?: boolean };

interface OfxContent {
  bookings: Booking[];
  accounts: Set<string>;
  problem?: StatementProblem;
}

/**
 * OFX 1.x, which is SGML whose elements with a text need no end (and whose texts may hold a bare `&` or `<`), and OFX
 * 2.x, which is XML: one reader in one pass, so that a file that is neither quite still reads. Document types and
 * entities of a file's own mean nothing here. Days are those that the bank wrote, without their time and zone
 * (OFX 2.2, 3.2.8.2). Never throws.
 */
export function readOfx(bytes: Uint8Array): StatementFile {
  const { text } = decodeText(bytes, { otherwise: declaredEncoding(bytes) });
  const start = text.search(/<OFX[\s>]/i);
  const from = start >= 0 ? start : text.search(/<(STMTTRN|BANKTRANLIST|STMTRS)>/i);
  if (from < 0) return failed(fileProblem('invalid_format', 'The file is no OFX: it has no <OFX>'));
  const { bookings, accounts, problem } = contentOf(text, from);
  if (problem) return failed(problem);
  if (accounts.size > 1) return failed(severalAccounts());

  const problems: StatementProblem[] = [];
  const sign = decimalSignOf(
    bookings.map((booking) => booking.get('TRNAMT') ?? ''),
    { ungrouped: true },
  );
  if (sign === 'unclear')
    return failed(
      fileProblem('invalid_format', 'The amounts do not tell which sign separates decimals', 'import.decimal_unclear'),
    );
  const rows = bookings.map((booking, index): StatementRow => {
    const line = index + 1;
    if (!booking.isClosed)
      problems.push({ line, field: 'file', code: 'invalid_format', message: 'The file ends within this booking' });
    const posted = booking.get('DTPOSTED') ?? '';
    const transactionDate = readDate(posted.replace(/^(\d{8}).*$/, '$1'), 'dmy') ?? null;
    if (transactionDate === null)
      problems.push({
        line,
        field: 'transactionDate',
        ...(posted
          ? { code: 'invalid_format', message: `DTPOSTED "${posted.slice(0, 64)}" is no date` }
          : { code: 'required', message: 'DTPOSTED is missing' }),
      });
    const reading = readAmount(booking.get('TRNAMT') ?? '', sign);
    if ('empty' in reading) problems.push({ line, field: 'amount', code: 'required', message: 'TRNAMT is missing' });
    else if ('code' in reading) problems.push({ line, field: 'amount', ...reading });
    return {
      line,
      transactionDate,
      amount: 'amount' in reading ? reading.amount : null,
      description: descriptionOf(booking.get('NAME'), booking.get('MEMO')),
      bankReference: referenceOf(booking.get('FITID')),
    };
  });
  return { format: 'ofx', rows, problems };
}

const failed = (problem: StatementProblem): StatementFile => ({ format: 'ofx', rows: [], problems: [problem] });

/** What the header says: `CHARSET:1252`, `ENCODING:UTF-8`, `<?xml encoding="…"`. */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 1000)).toString('latin1');
  const [, name = ''] = /(?:encoding\s*=\s*["']|CHARSET:\s*)([\w-]+)/i.exec(head) ?? [];
  return encodingNamed(/^\d{4}$/.test(name) ? `cp${name}` : name);
}

/** A tag's name, and where its text begins. Attributes are of no use here. */
const tag = /<(\/?)([A-Za-z][\w.:-]{0,63})(?:\s[^<>]{0,500})?\/?>|<!--|<!\[CDATA\[/g;

function contentOf(text: string, from: number): OfxContent {
  const bookings: Booking[] = [];
  const accounts = new Set<string>();
  let booking: Booking | undefined;
  let element: string | undefined;
  let written = '';
  // The text of the element that is open, as soon as any other tag comes.
  const keep = (): void => {
    const value = element === undefined ? '' : plainText(written).trim();
    if (value !== '') {
      if (booking && !booking.has(element as string)) booking.set(element as string, value);
      if (!booking && element === 'ACCTID') accounts.add(value);
    }
    element = undefined;
    written = '';
  };
  const add = (text: string): void => {
    if (element !== undefined && written.length < statementLimits.cellCharacters)
      written += text.slice(0, statementLimits.cellCharacters);
  };
  let end = from;
  tag.lastIndex = from;
  for (let match = tag.exec(text); match; match = tag.exec(text)) {
    add(text.slice(end, match.index));
    end = tag.lastIndex;
    const [whole, slash, name] = match;
    if (name === undefined) {
      const closing = whole === '<!--' ? '-->' : ']]>';
      const close = text.indexOf(closing, end);
      if (close < 0) break;
      if (closing === ']]>') add(text.slice(end, close).replaceAll('&', '&amp;'));
      end = tag.lastIndex = close + closing.length;
      continue;
    }
    keep();
    const upper = name.toUpperCase();
    if (upper === 'STMTTRN') {
      if (booking && slash) booking.isClosed = true;
      booking = slash ? undefined : new Map<string, string>();
      if (booking) bookings.push(booking);
      if (bookings.length > statementLimits.rows) return { bookings: [], accounts, problem: tooManyRows() };
    } else if (!slash && !whole.endsWith('/>')) {
      element = upper;
    }
  }
  return { bookings, accounts };
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** The five entities of XML, a blank, and characters by their number; any other `&` is itself. */
const plainText = (written: string): string =>
  written.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,4}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return entities[String(name).toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
