import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { readStatement } from '../../../src/modules/banking/statement-files/read-statement.js';
import type { ReadingOptions, StatementFile } from '../../../src/modules/banking/statement-files/statement-file.js';

const read = (text: string, options?: ReadingOptions): StatementFile => readStatement(Buffer.from(text), options);
const amounts = (file: StatementFile): (string | null)[] => file.rows.map(({ amount }) => amount);
const dates = (file: StatementFile): (string | null)[] => file.rows.map(({ transactionDate }) => transactionDate);
const csvOf = (...cells: string[]): string =>
  ['Date;Libellé;Montant', ...cells.map((cell) => `02/03/2026;Courses;${cell}`)].join('\n');

describe('amounts of a CSV file', () => {
  it.each([
    [
      ['1.000', '-3.000', '45,80'],
      ['1000.00', '-3000.00', '45.80'],
    ],
    [
      ['-110.7 €', '1,000', '12.00'],
      ['-110.70', '1000.00', '12.00'],
    ],
    [
      ['4.711,98 €', '-1.000'],
      ['4711.98', '-1000.00'],
    ],
    [
      ['1\u00a0234,56', '1\u202f234,56', '1 234,56', '12\u2009345'],
      ['1234.56', '1234.56', '1234.56', '12345.00'],
    ],
    [
      ["1'000'000,00", '1’000,5'],
      ['1000000.00', '1000.50'],
    ],
    [
      ['\u221245,80', '(45,80)', '45,80-', '+45,80', '–1,00'],
      ['-45.80', '-45.80', '-45.80', '45.80', '-1.00'],
    ],
    [
      ['EUR -12,00', '12,00 EUR', '$3', '£ 4'],
      ['-12.00', '12.00', '3.00', '4.00'],
    ],
    [
      ['1,234,567', '12'],
      ['1234567.00', '12.00'],
    ],
    [['1.000'], ['1000.00']],
    [['1,000'], ['1000.00']],
    [
      ['0.500', '2.00'],
      ['0.50', '2.00'],
    ],
    [
      ['1,500.00', '1.5'],
      ['1500.00', '1.50'],
    ],
    [
      [',50', '-,5', '5,'],
      ['0.50', '-0.50', '5.00'],
    ],
  ])('%j are %j', (cells, expected) => {
    const file = read(csvOf(...cells));
    expect(file.problems).toEqual([]);
    expect(amounts(file)).toEqual(expected);
  });

  it('are refused by line where they are none', () => {
    const file = read(csvOf('45,80', 'abc', '12.34', '1,234', '1,2,3', '9999999999999,00', ''));
    expect(file.problems.map(({ line, field, code }) => [line, field, code])).toEqual([
      [3, 'amount', 'invalid_format'],
      [4, 'amount', 'invalid_format'],
      [5, 'amount', 'invalid_format'],
      [6, 'amount', 'invalid_format'],
      [7, 'amount', 'too_large'],
      [8, 'amount', 'required'],
    ]);
    expect(file.rows[0]?.amount).toBe('45.80');
  });

  it('ask for the decimal sign when they contradict each other, and take it', () => {
    const text = csvOf('1.5', '1,5');
    expect(read(text).problems).toMatchObject([{ line: null, field: 'mapping.decimal', code: 'required' }]);
    expect(read(csvOf('1.000', '2,000')).problems).toMatchObject([{ field: 'mapping.decimal' }]);
    expect(amounts(read(csvOf('1.000'), { mapping: { decimal: '.' } }))).toEqual(['1.00']);
    expect(read(text, { mapping: { decimal: ',' } }).problems).toMatchObject([{ line: 2, field: 'amount' }]);
  });

  it('come from debit and credit, with debits of either sign', () => {
    const columns = (...lines: string[]): string =>
      ['Date;Libellé;Débit euros;Crédit euros;', ...lines.map((line) => `02/03/2026;x;${line};`)].join('\n');
    const unsigned = read(columns('45,80;', ';1 200,00', '10,00;0,00', '0,00;7,00', '-3,00;'));
    expect(amounts(unsigned)).toEqual(['-45.80', '1200.00', '-10.00', '7.00', '3.00']);
    const signed = read(columns('-45,80;', ';+1200,00', '-10,00;', '3,00;'));
    expect(amounts(signed)).toEqual(['-45.80', '1200.00', '-10.00', '3.00']);
    expect(read(columns('45,80;12,00', ';')).problems.map(({ line, code }) => [line, code])).toEqual([
      [2, 'invalid'],
      [3, 'required'],
    ]);
  });
});

describe('dates of a CSV file', () => {
  const march = '2026-03-02';
  it.each([
    [
      ['03/04/2026', '25/04/2026'],
      ['2026-04-03', '2026-04-25'],
    ],
    [
      ['03/04/2026', '04/25/2026'],
      ['2026-03-04', '2026-04-25'],
    ],
    [['03/04/2026'], ['2026-04-03']],
    [
      ['02.03.26', '2.3.2026', '02-03-2026'],
      [march, march, march],
    ],
    [
      ['2026-03-02', '2026/3/2', '20260302', '2026-03-02T23:59:59-05:00'],
      [march, march, march, march],
    ],
    [
      ['2 mars 2026', '02 févr. 2026', '1er août 2026'],
      [march, '2026-02-02', '2026-08-01'],
    ],
    [
      ['2-Mar-26', '15 Juli 2026', '2026-03-02 10:11:12'],
      [march, '2026-07-15', march],
    ],
    [
      ['31/12/99', '01/01/69'],
      ['1999-12-31', '2069-01-01'],
    ],
  ])('%j are %j', (cells, expected) => {
    expect(dates(read(['date,label,amount', ...cells.map((cell) => `${cell},x,1.00`)].join('\n')))).toEqual(expected);
  });

  it('are refused by line when there is no such day, and follow the format that is said', () => {
    const file = read('date;label;amount\n30/02/2026;x;1\n01/01/1850;x;1\n;x;1\n13/13/2026;x;1');
    expect(file.problems.map(({ line, field, code }) => [line, field, code])).toEqual([
      [2, 'transactionDate', 'invalid_format'],
      [3, 'transactionDate', 'invalid_format'],
      [4, 'transactionDate', 'required'],
      [5, 'transactionDate', 'invalid_format'],
    ]);
    const as = (date_format: string): StatementFile =>
      read('date;label;amount\n03/04/2026;x;1', { mapping: { date_format } });
    expect(dates(as('mm/dd/yyyy'))).toEqual(['2026-03-04']);
    expect(dates(as('jj/mm/aaaa'))).toEqual(['2026-04-03']);
    expect(as('%d/%m').problems).toMatchObject([{ field: 'mapping.date_format' }]);
  });
});

describe('the table of a CSV file', () => {
  const bank =
    'Code de la banque;Société\nSolde au 02/03/2026;1 234,56\n\nDate;Libellé;Montant(EUROS)\n02/03/2026;Café;-3,50\n';

  it('has its header below what the bank writes above, and its lines keep their numbers', () => {
    expect(read(bank)).toEqual({
      format: 'csv',
      rows: [{ line: 5, transactionDate: '2026-03-02', amount: '-3.50', description: 'Café', bankReference: null }],
      problems: [],
      mapping: {
        date: 'Date',
        description: 'Libellé',
        amount: 'Montant(EUROS)',
        decimal: ',',
        delimiter: ';',
        encoding: 'utf-8',
        date_format: 'dd/mm/yyyy',
      },
    });
  });

  it.each([
    ['utf-8', true],
    ['windows-1252', false],
    ['utf-16le', true],
    ['utf-16be', true],
    ['utf-16le', false],
  ])('is read from %s', (encoding, addBOM) => {
    const file = readStatement(iconv.encode(bank.replace('Café', 'Café à 3 €'), encoding, { addBOM }));
    expect(file.problems).toEqual([]);
    expect(file.rows[0]?.description).toBe('Café à 3 €');
    expect(file.mapping?.encoding).toBe(encoding);
  });

  it('is read from an encoding that is said', () => {
    const file = readStatement(iconv.encode(bank, 'cp850'), { mapping: { encoding: 'cp850' } });
    expect(file.rows[0]?.description).toBe('Café');
  });

  it.each([';', ',', '\t', '|'])('has %j between its cells', (delimiter) => {
    const lines = [
      ['Date', 'Libellé', 'Montant'],
      ['02/03/2026', 'a;b,c\td|e', '-1,50'],
    ];
    const text = lines.map((cells) => cells.map((cell) => `"${cell}"`).join(delimiter)).join('\r\n');
    expect(read(text).rows).toMatchObject([{ line: 2, amount: '-1.50', description: 'a;b,c d|e' }]);
  });

  it('takes the columns that are named, in whatever case, and says which there are not', () => {
    const text = 'Jour;Valeur;Texte;Somme A;Somme B\n02/03/2026;03/03/2026;x;1,00;2,00';
    expect(read(text, { mapping: { date: 'valeur', description: 'TEXTE', amount: 'somme b' } }).rows).toMatchObject([
      { transactionDate: '2026-03-03', amount: '2.00', description: 'x' },
    ]);
    expect(read(text, { mapping: { date: 'Jour', amount: 'Total', description: 'Memo' } }).problems).toMatchObject([
      { field: 'mapping.description', code: 'unknown_reference' },
      { field: 'mapping.amount', code: 'unknown_reference' },
    ]);
    expect(read(text, { mapping: { amount: 'Somme A', debit: 'Somme B' } }).problems).toMatchObject([
      { field: 'mapping.amount' },
      { field: 'mapping.credit' },
    ]);
  });

  it('takes a remembered mapping as far as it fits', () => {
    const rememberedMapping = { date: 'Date', amount: 'Somme B', description: 'Texte', decimal: '.' };
    const text = 'Date;Texte;Montant;Somme B\n02/03/2026;x;1.000;2.000';
    expect(read(text, { rememberedMapping }).rows).toMatchObject([{ amount: '2.00' }]);
    expect(read(text, { rememberedMapping, mapping: { amount: 'Montant' } }).rows).toMatchObject([{ amount: '1.00' }]);
    expect(read(bank, { rememberedMapping }).rows).toMatchObject([{ amount: '-3.50' }]);
  });

  it('keeps quoted line ends, leaves footers out, and refuses what has too many cells', () => {
    const file = read(
      'Date;Libellé;Montant\n02/03/2026;"VIR\nLOYER  MARS";-800\n03/03/2026;x;-1;extra\n\n;Total;\n04/03/2026;y;2',
    );
    expect(file.rows.map(({ line, description }) => [line, description])).toEqual([
      [2, 'VIR LOYER MARS'],
      [4, '03/03/2026 x -1 extra'],
      [7, 'y'],
    ]);
    expect(file.problems).toMatchObject([{ line: 4, field: 'file', code: 'invalid_format' }]);
  });

  it('says what is wrong with the file', () => {
    expect(read('').problems).toMatchObject([{ line: null, field: 'file', code: 'required' }]);
    expect(read('a;b\n1;2').problems).toMatchObject([{ line: null, field: 'file', code: 'invalid_format' }]);
    expect(read('Date;Libellé;Montant\n').problems).toMatchObject([{ field: 'file', code: 'required' }]);
    expect(read('Date;Libellé;Montant\n02/03/2026;"x;1\n').problems).toMatchObject([{ line: 2, field: 'file' }]);
    const rows = (count: number): string => `Date;Libellé;Montant\n${'02/03/2026;x;1\n'.repeat(count)}`;
    expect(read(rows(10_001)).problems).toMatchObject([{ field: 'file', code: 'too_long' }]);
    expect(read(rows(10_000)).rows).toHaveLength(10_000);
  });

  it('cuts what a bank writes too long, and has words for nothing', () => {
    const file = read(`Date;Libellé;Montant\n02/03/2026;${'é'.repeat(600)};1\n02/03/2026;;1`);
    expect(file.rows.map(({ description }) => description)).toEqual(['é'.repeat(500), '(sans libellé)']);
  });
});
