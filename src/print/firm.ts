/** How a French firm is named on paper: its numbers in groups, and the line at the foot of what it sends. */
import { countryCode } from '../lib/countries.js';

export interface PostalAddress {
  street: string | null;
  postalCode: string | null;
  city: string | null;
  /** A code of ISO 3166-1 (`FR`, `FRA`) or the country's name, as `countryCode` reads it; France when absent. */
  country: string | null;
}

/** What the Code de commerce wants named of a firm. All but the name may lack. */
export interface LegalIdentity {
  name: string;
  siren?: string | null;
  siret?: string | null;
  vatNumber?: string | null;
  /** `SAS`, `SARL`, `EI`, … */
  legalForm?: string | null;
  /** As it is to be printed, with its currency: `10 000 €`. */
  shareCapital?: string | null;
  /** The town of the register: `Lyon` prints as « RCS Lyon 123 456 789 ». */
  rcs?: string | null;
}

const grouped = (digits: string, sizes: readonly number[]): string => {
  const compact = digits.replace(/\s/g, '');
  const groups: string[] = [];
  let start = 0;
  for (const size of sizes) {
    groups.push(compact.slice(start, start + size));
    start += size;
  }
  return [...groups, compact.slice(start)].filter(Boolean).join('\u00a0');
};

export const printedSiren = (siren: string): string => grouped(siren, [3, 3, 3]);
export const printedSiret = (siret: string): string => grouped(siret, [3, 3, 3, 5]);
export const printedIban = (iban: string): string => iban.replace(/\s/g, '').replace(/(.{4})(?=.)/g, '$1\u00a0');

/** A firm's legal identity in one line (Code de commerce, art. R. 123-237): form, capital, register, numbers. */
export function legalIdentity(firm: LegalIdentity): string {
  const siren = firm.siren ?? firm.siret?.replace(/\s/g, '').slice(0, 9);
  const form = [firm.legalForm, firm.shareCapital && `au capital de ${firm.shareCapital}`].filter(Boolean).join(' ');
  return [
    [firm.name, form].filter(Boolean).join(', '),
    firm.siret ? `SIRET ${printedSiret(firm.siret)}` : siren && `SIREN ${printedSiren(siren)}`,
    firm.rcs && (siren ? `RCS ${firm.rcs} ${printedSiren(siren)}` : `RCS ${firm.rcs}`),
    firm.vatNumber && `TVA ${firm.vatNumber}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** The lines of an envelope, without blank ones; a country only abroad. */
export function addressLines({ street, postalCode, city, country }: PostalAddress): string[] {
  const place = [postalCode, city].filter(Boolean).join(' ');
  const written = country?.trim() ?? '';
  const isAbroad = written !== '' && countryCode(written) !== 'FR';
  return [street ?? '', place, isAbroad ? countryName(written) : ''].filter((line) => line.trim() !== '');
}

function countryName(country: string): string {
  const code = /^[A-Za-z]{2,3}$/.test(country) ? countryCode(country) : undefined;
  return code === undefined ? country : (new Intl.DisplayNames('fr', { type: 'region' }).of(code) ?? country);
}
