import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSearch } from '../../src/lib/search-query.js';

const text = (...words: string[]): object => ({ kind: 'text', query: `'${words.join(' ')}'` });
const and = (...nodes: object[]): object => ({ kind: 'and', nodes });
const or = (...nodes: object[]): object => ({ kind: 'or', nodes });
const not = (node: object): object => ({ kind: 'not', node });

describe('the query language', () => {
  it.each<[string, object | undefined]>([
    ['facture', text('facture')],
    ['facture edf', and(text('facture'), text('edf'))],
    ['facture ET edf AND gaz', and(text('facture'), text('edf'), text('gaz'))],
    ['eau OU gaz facture', or(text('eau'), and(text('gaz'), text('facture')))],
    ['(eau OR gaz) facture', and(or(text('eau'), text('gaz')), text('facture'))],
    ['facture -gaz NON eau NOT bois', and(text('facture'), not(text('gaz')), not(text('eau')), not(text('bois')))],
    ['"relevé de compte" « carte bleue »', and(text('relevé', 'de', 'compte'), text('carte', 'bleue'))],
    ['fact*', { kind: 'prefix', query: `'fact':*` }],
    ["l'échéance sous-traitance", and(text('l', 'échéance'), text('sous', 'traitance'))],
    ['FR-2026-0117 n°2026/0117', and(text('FR', '2026', '0117'), text('n', '2026', '0117'))],
    ['1 234,56', { kind: 'text', query: `('1' & '234' & '56' | '1234 56')` }],
    ['FR76 3000 6000 0112', { kind: 'text', query: `('FR76' & '3000' & '6000' & '0112' | 'FR76300060000112')` }],
    [
      'tag:"à traiter" from:EDF type:fac*',
      and(
        { kind: 'label', of: 'tag', name: 'à traiter', isPrefix: false },
        { kind: 'label', of: 'from', name: 'EDF', isPrefix: false },
        { kind: 'label', of: 'type', name: 'fac', isPrefix: true },
      ),
    ],
    ['date:2026-01', { kind: 'date', from: '2026-01-01', before: '2026-02-01' }],
    ['date:2026-02-28..2026-03', { kind: 'date', from: '2026-02-28', before: '2026-04-01' }],
    ['after:2026-01-21 before:2027', and({ kind: 'date', from: '2026-01-21' }, { kind: 'date', before: '2027-01-01' })],
    ['asn:123', { kind: 'asn', value: 123 }],
    ['amount:>100', { kind: 'amount', comparisons: [{ operator: '>', value: '100' }] }],
    ['amount:<=12,50', { kind: 'amount', comparisons: [{ operator: '<=', value: '12.50' }] }],
    [
      'amount:10..20',
      {
        kind: 'amount',
        comparisons: [
          { operator: '>=', value: '10' },
          { operator: '<=', value: '20' },
        ],
      },
    ],
    // French words, operators only in capitals.
    ['sel et poivre', and(text('sel'), text('et'), text('poivre'))],
    ['', undefined],
    ['" (&! * -', undefined],
  ])('reads %s', (typed, tree) => expect(parseSearch(typed)).toEqual(tree));

  it.each<[string, object]>([
    ['"facture edf', and(text('facture'), text('edf'))],
    ['(facture edf', and(text('facture'), text('edf'))],
    ['facture ET', text('facture')],
    ['OU facture', text('facture')],
    ['date:2026-02-30 facture', and(text('date', '2026', '02', '30'), text('facture'))],
    ['amount:>cent', text('amount', 'cent')],
    [`${'('.repeat(50)}facture${')'.repeat(50)}`, text('facture')],
  ])('searches %s for its words', (typed, tree) => expect(parseSearch(typed)).toEqual(tree));

  it('never throws, whatever is typed', () => {
    const pieces = fc.constantFrom(
      '(',
      ')',
      '"',
      '«',
      '»',
      '-',
      '*',
      ' ',
      'ET',
      'OU',
      'NON',
      'tag:',
      'date:',
      '2026-13',
      'amount:',
      '>',
      '..',
      '9'.repeat(400),
      '\0',
      '\ud800',
      "'",
      '\\',
      'mot',
      ':*',
      '<->',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(pieces, { maxLength: 40 }).map((p) => p.join('')),
        ),
        (typed) => void parseSearch(typed),
      ),
      { numRuns: 2000 },
    );
  });
});
