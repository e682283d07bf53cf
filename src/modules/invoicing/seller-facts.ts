import { registerEnumType } from 'type-graphql';
import type { Config } from '../../config/config.js';

/** What an invoice must say of who bills (CGI, annexe II, art. 242 nonies A), and the operator may not have set. */
export enum SellerFact {
  NAME = 'name',
  STREET = 'street',
  POSTAL_CODE = 'postal_code',
  CITY = 'city',
  COMPANY_NUMBER = 'company_number',
  VAT_NUMBER = 'vat_number',
}

registerEnumType(SellerFact, {
  name: 'SellerFact',
  description: 'What an invoice must say of the firm that bills.',
  valuesConfig: {
    NAME: { description: 'Its name.' },
    STREET: { description: 'Street and number.' },
    POSTAL_CODE: { description: 'Postal code.' },
    CITY: { description: 'City.' },
    COMPANY_NUMBER: { description: 'SIREN or SIRET, of a firm in France.' },
    VAT_NUMBER: { description: 'Its VAT number, unless it is exempt.' },
  },
});

/** Those that invoices go out without. */
export function missingSellerFacts({ seller }: Pick<Config, 'seller'>): SellerFact[] {
  const { name, street, postalCode, city, country = 'FR', siren, siret, vatNumber, vatExemptionReason } = seller ?? {};
  return [
    name === undefined && SellerFact.NAME,
    !street && SellerFact.STREET,
    !postalCode && SellerFact.POSTAL_CODE,
    !city && SellerFact.CITY,
    country === 'FR' && !siren && !siret && SellerFact.COMPANY_NUMBER,
    !vatNumber && !vatExemptionReason && SellerFact.VAT_NUMBER,
  ].filter((fact) => fact !== false);
}
