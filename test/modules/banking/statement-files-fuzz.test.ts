import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { readStatement } from '../../../src/modules/banking/statement-files/read-statement.js';
import { statementLimits, type StatementFile } from '../../../src/modules/banking/statement-files/statement-file.js';

const formats = ['csv', 'ofx', 'camt'] as const;

/** Whatever the file: rows are whole or have a problem, lines name one row each. */
function expectSound(file: StatementFile): void {
  const troubled = new Set(file.problems.map(({ line }) => line));
  for (const row of file.rows) {
    if (!troubled.has(row.line)) {
      expect(row.transactionDate).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(row.amount).toMatch(/^-?\d{1,12}\.\d{2}$/);
    }
    expect(row.description).not.toBe('');
    expect(row.description.length).toBeLessThanOrEqual(statementLimits.descriptionCharacters);
    expect(row.description).not.toMatch(/[\p{Cc}\p{Cs}]/u);
  }
  expect(new Set(file.rows.map(({ line }) => line)).size).toBe(file.rows.length);
  expect(file.rows.length + file.problems.length).toBeGreaterThan(0);
}

/** Pieces that files are made of, in any order. */
const pieces = fc.array(
  fc.oneof(
    fc.constantFrom(
      'Date;Libellé;Montant\n',
      '02/03/2026',
      '2026-03-02',
      '1.000,50',
      '-45.80',
      ';',
      ',',
      '\t',
      '"',
      '\n',
      '\r',
      'OFXHEADER:100\n',
      '<OFX>',
      '<STMTTRN>',
      '</STMTTRN>',
      '<DTPOSTED>20260302',
      '<TRNAMT>',
      '<NAME>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '&amp;',
      '&#0;',
      '&#1114112;',
      '<?xml version="1.0"?>',
      '<Ntry>',
      '</Ntry>',
      '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">',
      '<Stmt>',
      '<Amt Ccy="EUR">1</Amt>',
      '\ufeff',
    ),
    fc.string({ unit: 'binary', maxLength: 10 }),
  ),
  { maxLength: 40 },
);

describe('a file of anything', () => {
  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.option(fc.constantFrom(...formats)), (bytes, format) =>
        expectSound(readStatement(bytes, { format: format ?? undefined })),
      ),
    );
    fc.assert(
      fc.property(pieces, fc.option(fc.constantFrom(...formats)), (parts, format) =>
        expectSound(readStatement(Buffer.from(parts.join('')), { format: format ?? undefined })),
      ),
      { numRuns: 1000 },
    );
  });

  it.each([
    [
      'open tags',
      `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">${'<a>'.repeat(3e6)}`,
    ],
    ['tags that do not end', `<OFX>${'<a '.repeat(3e6)}`],
    ['comments that do not end', `<OFX>${'<!--'.repeat(2e6)}`],
    ['one text', `<OFX><STMTTRN><NAME>${'&'.repeat(9e6)}<TRNAMT>1`],
    ['blanks', `<OFX><STMTTRN><NAME>${' '.repeat(9e6)}<TRNAMT>1`],
    ['quotes', `Date;Libellé;Montant\n${'"'.repeat(9e6)}`],
    ['delimiters', `Date;Libellé;Montant\n${';'.repeat(9e6)}`],
    ['line ends', '\n'.repeat(9e6)],
    ['a number', `Date;Libellé;Montant\n${'02/03/2026;x;1.000.000.000.000.000,1\n'.repeat(2e5)}`],
  ])('of many megabytes takes no long time: %s', (_name, text) => {
    const bytes = Buffer.from(text);
    expect(bytes.length).toBeLessThanOrEqual(statementLimits.fileBytes);
    const startedMs = performance.now();
    expectSound(readStatement(bytes));
    expect(performance.now() - startedMs).toBeLessThan(8000);
  });
});

describe('the bookings of an account', () => {
  const pad = (number: number): string => String(number).padStart(2, '0');
  const booking = fc.record({
    day: fc.record({
      year: fc.integer({ min: 1990, max: 2060 }),
      month: fc.integer({ min: 1, max: 12 }),
      day: fc.integer({ min: 1, max: 28 }),
    }),
    cents: fc.integer({ min: -999_999_999, max: 999_999_999 }),
    text: fc.stringMatching(/^[A-Za-zéà€;,'"&<]{1,12}( [A-Z0-9]{1,5})?$/),
  });
  const style = fc.record({
    delimiter: fc.constantFrom(';', ',', '\t', '|'),
    decimal: fc.constantFrom(',', '.'),
    group: fc.constantFrom('', ' ', '\u00a0', '\u202f', "'", 'other'),
    minus: fc.constantFrom('-', '\u2212', '(', 'behind'),
    date: fc.constantFrom('dd/mm/yyyy', 'yyyy-mm-dd', 'dd.mm.yy', 'yyyymmdd'),
    encoding: fc.constantFrom('utf-8', 'utf-16le', 'windows-1252'),
    currency: fc.constantFrom('', ' €', ' EUR'),
    columns: fc.constantFrom('amount', 'both', 'both signed'),
  });

  it('come back from a CSV file of any style', () => {
    fc.assert(
      fc.property(fc.array(booking, { minLength: 1, maxLength: 8 }), style, (bookings, how) => {
        const number = (cents: number): string => {
          const group = how.group === 'other' ? (how.decimal === ',' ? '.' : ',') : how.group;
          const whole = String(Math.floor(Math.abs(cents) / 100)).replace(/\B(?=(\d{3})+$)/g, group);
          const text = `${whole}${how.decimal}${pad(Math.abs(cents) % 100)}`;
          const minus = { '-': `-${text}`, '\u2212': `\u2212${text}`, '(': `(${text})`, behind: `${text}-` }[how.minus];
          return (cents < 0 ? minus : text) + how.currency;
        };
        const date = ({ year, month, day }: { year: number; month: number; day: number }): string =>
          how.date
            .replace('yyyy', String(year))
            .replace('yy', pad(year % 100))
            .replace('mm', pad(month))
            .replace('dd', pad(day));
        const out = how.columns === 'both signed' ? -1 : 1;
        const amountCells = (cents: number): string[] =>
          how.columns === 'amount' ? [number(cents)] : cents < 0 ? [number(-cents * out), ''] : ['', number(cents)];
        const header = ['Date', 'Libellé', ...(how.columns === 'amount' ? ['Montant'] : ['Débit', 'Crédit'])];
        const lines = [header, ...bookings.map(({ day, cents, text }) => [date(day), text, ...amountCells(cents)])];
        // What windows-1252 does not have is written plainly.
        const plain = (text: string): string =>
          how.encoding === 'windows-1252' ? text.replaceAll('\u2212', '-').replaceAll('\u202f', '\u00a0') : text;
        const quoted = (cell: string): string => `"${plain(cell).replaceAll('"', '""')}"`;
        const csv = lines.map((cells) => cells.map(quoted).join(how.delimiter)).join('\r\n');
        const file = readStatement(iconv.encode(csv, how.encoding, { addBOM: how.encoding === 'utf-16le' }), {
          format: 'csv',
        });
        expect(file.problems).toEqual([]);
        expect(
          file.rows.map(({ transactionDate, amount, description }) => [transactionDate, amount, description]),
        ).toEqual(
          bookings.map(({ day: { year, month, day }, cents, text }) => [
            `${year}-${pad(month)}-${pad(day)}`,
            `${cents < 0 ? '-' : ''}${Math.floor(Math.abs(cents) / 100)}.${pad(Math.abs(cents) % 100)}`,
            text,
          ]),
        );
      }),
      { numRuns: 500 },
    );
  });
});
