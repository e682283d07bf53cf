import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { readStatement } from '../../../src/modules/banking/statement-files/read-statement.js';
import type { StatementFile } from '../../../src/modules/banking/statement-files/statement-file.js';

const read = (text: string): StatementFile => readStatement(Buffer.from(text));

describe('OFX', () => {
  const header = 'OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\n\n';
  const ofx = (...bookings: string[]): string =>
    `<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR<BANKACCTFROM><BANKID>1<ACCTID>42</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260301<DTEND>20260331
${bookings.map((booking) => `<STMTTRN>\n${booking}\n</STMTTRN>`).join('\n')}
</BANKTRANLIST><LEDGERBAL><BALAMT>1<DTASOF>20260331</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>`;
  const booking = (more: Record<string, string> = {}): string =>
    Object.entries({ TRNTYPE: 'DEBIT', DTPOSTED: '20260302', TRNAMT: '-45.80', FITID: 'A1', NAME: 'x', ...more })
      .map(([name, value]) => `<${name}>${value}`)
      .join('\n');

  it('1.x is no XML: elements without an end, bare ampersands, quotes', () => {
    const MEMO = `L'abonnement "mars" a < b &amp; c &#233;`;
    expect(read(header + ofx(booking({ NAME: 'EE & T-MOBILE', MEMO })))).toEqual({
      format: 'ofx',
      problems: [],
      rows: [
        {
          line: 1,
          transactionDate: '2026-03-02',
          amount: '-45.80',
          description: `EE & T-MOBILE L'abonnement "mars" a < b & c é`,
          bankReference: 'A1',
        },
      ],
    });
  });

  it('is read without a header, in one line, closed or not', () => {
    const other = booking({ FITID: 'A2', TRNAMT: '1200,00</TRNAMT>', MEMO: '</MEMO>' });
    expect(read(ofx(booking({ TRNAMT: '-45,80' }), other).replaceAll('\n', '')).rows).toMatchObject([
      { line: 1, amount: '-45.80', bankReference: 'A1' },
      { line: 2, amount: '1200.00', bankReference: 'A2', description: 'x' },
    ]);
  });

  it.each([
    ['20260302', '2026-03-02'],
    ['20200406000000[-03:EST]', '2020-04-06'],
    ['20260331235959[0:GMT]', '2026-03-31'],
    ['20260331235959.123[+14]', '2026-03-31'],
    ['202603010000', '2026-03-01'],
  ])('books %s on %s', (written, day) => {
    expect(read(ofx(booking({ DTPOSTED: written }))).rows[0]?.transactionDate).toBe(day);
  });

  it('is decoded as its header says when it is not UTF-8', () => {
    const text = header + ofx(booking({ NAME: 'Café à 3 €' }));
    expect(readStatement(iconv.encode(text, 'windows-1252')).rows[0]?.description).toBe('Café à 3 €');
    expect(readStatement(Buffer.from(text)).rows[0]?.description).toBe('Café à 3 €');
  });

  it('has amounts without groups, unless the file shows them', () => {
    const amountsOf = (...texts: string[]): (string | null)[] =>
      read(ofx(...texts.map((TRNAMT) => booking({ TRNAMT })))).rows.map(({ amount }) => amount);
    expect(amountsOf('-12.500')).toEqual(['-12.50']);
    expect(amountsOf('1.000', '-45,80')).toEqual(['1000.00', '-45.80']);
  });

  it('names what is wrong by booking and element', () => {
    const file = read(ofx(booking({ DTPOSTED: '20260230', TRNAMT: 'x' }), booking({ DTPOSTED: '', TRNAMT: '' })));
    expect(file.problems.map(({ line, field, code }) => [line, field, code])).toEqual([
      [1, 'transactionDate', 'invalid_format'],
      [1, 'amount', 'invalid_format'],
      [2, 'transactionDate', 'required'],
      [2, 'amount', 'required'],
    ]);
    const wrong = (text: string): unknown[] => read(text).problems.map(({ line, code }) => [line, code]);
    expect(wrong(ofx(booking()).split('</STMTTRN>')[0] as string)).toEqual([[1, 'invalid_format']]);
    expect(wrong('OFXHEADER:100\n')).toEqual([[null, 'invalid_format']]);
    expect(wrong(ofx())).toEqual([[null, 'required']]);
    expect(wrong(ofx(booking()) + ofx(booking()).replace('<ACCTID>42', '<ACCTID>43'))).toEqual([[null, 'not_allowed']]);
  });

  it('2.x is XML', () => {
    const text = `<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>
<OFX><CREDITCARDMSGSRSV1><CCSTMTTRNRS><CCSTMTRS><BANKTRANLIST><!-- <STMTTRN> --><STMTTRN><TRNTYPE>CREDIT</TRNTYPE>
<DTPOSTED>20260331235959[0:GMT]</DTPOSTED><TRNAMT>12.00</TRNAMT><FITID>Z</FITID>
<PAYEE><NAME>Société &lt;Générale&gt;</NAME><CITY/></PAYEE><MEMO><![CDATA[a & b]]></MEMO>
</STMTTRN></BANKTRANLIST></CCSTMTRS></CCSTMTTRNRS></CREDITCARDMSGSRSV1></OFX>`;
    expect(read(text)).toMatchObject({
      problems: [],
      rows: [{ transactionDate: '2026-03-31', amount: '12.00', description: 'Société <Générale> a & b' }],
    });
  });
});

describe('camt.053', () => {
  const camt = (entries: string, { version = '02', prefix = '' } = {}): string => {
    const account = '<Acct><Id><IBAN>FR76</IBAN></Id></Acct>';
    const xml = `<Document><BkToCstmrStmt><Stmt><Id>1</Id>${account}${entries}</Stmt></BkToCstmrStmt></Document>`;
    const named = prefix ? xml.replace(/<(\/?)(\w)/g, `<$1${prefix}:$2`) : xml;
    const declared = `xmlns${prefix && `:${prefix}`}="urn:iso:std:iso:20022:tech:xsd:camt.053.001.${version}"`;
    return `<?xml version="1.0" encoding="UTF-8"?>\n${named.replace('Document>', `Document ${declared}>`)}`;
  };
  const entry = (amount: string, sign: string, more = '', reference = ''): string =>
    `<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>${sign}</CdtDbtInd><Sts>BOOK</Sts>` +
    `<BookgDt><Dt>2026-03-02</Dt></BookgDt>${reference && `<AcctSvcrRef>${reference}</AcctSvcrRef>`}${more}</Ntry>`;
  const details = (...transactions: string[]): string =>
    `<NtryDtls>${transactions.map((transaction) => `<TxDtls>${transaction}</TxDtls>`).join('')}</NtryDtls>`;
  const rent =
    '<Refs><EndToEndId>LOYER</EndToEndId></Refs><RltdPties><Cdtr><Nm>Régie &amp; Fils</Nm></Cdtr></RltdPties>' +
    '<RmtInf><Ustrd>Loyer</Ustrd><Ustrd>mars</Ustrd></RmtInf>';

  it.each([{ version: '02' }, { version: '04', prefix: 'ns2' }, { version: '08', prefix: 'camt' }, { version: '13' }])(
    'is read of any version: %j',
    (options) => {
      const entries = entry('800', 'DBIT', details(rent), 'S1') + entry('12.5', 'CRDT', details(rent));
      const row = { transactionDate: '2026-03-02' };
      expect(read(camt(entries, options))).toEqual({
        format: 'camt',
        problems: [],
        rows: [
          { ...row, line: 1, amount: '-800.00', description: 'Régie & Fils Loyer mars', bankReference: 'S1' },
          { ...row, line: 2, amount: '12.50', description: 'Loyer mars', bankReference: 'LOYER 2026-03-02' },
        ],
      });
    },
  );

  it('takes a batch apart when its parts make it up', () => {
    const part = (amount: string, text: string): string =>
      `<AmtDtls><TxAmt><Amt Ccy="EUR">${amount}</Amt></TxAmt></AmtDtls><RmtInf><Ustrd>${text}</Ustrd></RmtInf>`;
    const batch = camt(entry('30.00', 'CRDT', details(part('10', 'a'), part('20.00', 'b')), 'S1'));
    expect(read(batch).rows).toMatchObject([
      { line: 1, amount: '10.00', description: 'a', bankReference: 'S1/1' },
      { line: 2, amount: '20.00', description: 'b', bankReference: 'S1/2' },
    ]);
    expect(read(batch.replace('>30.00<', '>30.01<')).rows).toMatchObject([{ amount: '30.01', bankReference: 'S1' }]);
  });

  it('leaves out what is not booked, and takes a moment for its day', () => {
    const pending = entry('1', 'CRDT').replace('BOOK', 'PDNG');
    const coded = entry('2', 'CRDT').replace('<Sts>BOOK', '<Sts><Cd>BOOK</Cd>');
    const moment = coded.replace('<Dt>2026-03-02</Dt>', '<DtTm>2026-03-31T23:59:59Z</DtTm>');
    expect(read(camt(pending + moment)).rows).toMatchObject([
      { line: 1, amount: '2.00', transactionDate: '2026-03-31' },
    ]);
  });

  it('names what is wrong', () => {
    const noDay = entry('1', 'DBIT').replace('2026-03-02', '2026-02-30');
    const file = read(camt(entry('x', 'DBIT') + entry('1', 'NONE') + noDay));
    expect(file.problems.map(({ line, field }) => [line, field])).toEqual([
      [1, 'amount'],
      [2, 'amount'],
      [3, 'transactionDate'],
    ]);
    const wrong = (text: string): unknown[] => read(text).problems.map(({ line, code }) => [line, code]);
    expect(wrong('<?xml version="1.0"?><a/>')).toEqual([[null, 'invalid_format']]);
    expect(wrong(camt('').replace('camt.053', 'pain.001'))).toEqual([[null, 'invalid_format']]);
    expect(wrong(camt(entry('1', 'DBIT')).slice(0, -20))).toEqual([[2, 'invalid_format']]);
    const other = '</Stmt><Stmt><Acct><Id><IBAN>FR77</IBAN></Id></Acct></Stmt>';
    expect(wrong(camt('').replace('</Stmt>', other))).toEqual([[null, 'not_allowed']]);
  });

  it('expands no entities, follows no references, and bounds what nests', () => {
    const declared = '<!DOCTYPE Document [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n<Document';
    const code = (text: string): string | undefined => read(text).problems[0]?.code;
    expect(code(camt('').replace('<Document', declared))).toBe('not_allowed');
    expect(code(camt(entry('1', 'DBIT', '<AddtlNtryInf>&a;</AddtlNtryInf>')))).toBe('invalid_format');
    expect(code(camt('<x>'.repeat(100_000)))).toBe('invalid_format');
    expect(code(camt(entry('1', 'DBIT', `<AddtlNtryInf>${'x'.repeat(30_000)}</AddtlNtryInf>`)))).toBe('too_long');
  });
});
