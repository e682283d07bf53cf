import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countryCode } from '../../src/lib/countries.js';

test.each([
  ['FR', 'FR'],
  ['fra', 'FR'],
  ['France', 'FR'],
  ['UK', 'GB'],
  ['GBR', 'GB'],
  ['Royaume Uni', 'GB'],
  ['the United Kingdom', 'GB'],
  ['USA', 'US'],
  ['U.S.A.', 'US'],
  ['États-Unis', 'US'],
  ['etats unis d’amerique', 'US'],
  ['Pays Bas', 'NL'],
  ['les Pays-Bas', 'NL'],
  ['Nederland', 'NL'],
  ['Deutschland', 'DE'],
  ['ALLEMAGNE', 'DE'],
  ['Suisse', 'CH'],
  ['Schweiz', 'CH'],
  ['Svizzera', 'CH'],
  ['België', 'BE'],
  ['Belgique', 'BE'],
  ['España', 'ES'],
  ['Ελλάδα', 'GR'],
  ['EL', 'GR'],
  ['Česko', 'CZ'],
  ['République tchèque', 'CZ'],
  ['Côte d’Ivoire', 'CI'],
  ['Cote d Ivoire', 'CI'],
  ['日本', 'JP'],
  ['Sverige', 'SE'],
  ['Hong Kong', 'HK'],
  ['Turquie', 'TR'],
  ['Éire', undefined],
  ['Atlantide', undefined],
  ['X', undefined],
  ['ZZ', undefined],
  ['', undefined],
  ['—', undefined],
])('%s is %s', (text, code) => expect(countryCode(text)).toBe(code));

test('every country is known by its codes and by its names', () => {
  const names = ['fr', 'en'].map((locale) => new Intl.DisplayNames(locale, { type: 'region', fallback: 'none' }));
  for (const code of ['AD', 'AT', 'BR', 'CA', 'CN', 'DK', 'IE', 'LU', 'MA', 'PL', 'PT', 'RO', 'SG', 'TN', 'UA', 'ZA'])
    for (const { of } of names) expect(countryCode(of.call(names[0], code) ?? '')).toBe(code);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const code = countryCode(text);
      return code === undefined || /^[A-Z]{2}$/.test(code);
    }),
  );
});
