import { z } from 'zod';
import { compactNumber, isFrenchVatNumber, isIban, isSiren, isSiret } from '../lib/company-numbers.js';

const countries = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
const isCountry = (code: string): boolean => /^[A-Z]{2}$/.test(code) && countries.of(code) !== undefined;

/**
 * Who bills. What an electronic invoice demands of a seller (EN 16931; BR-FR-09 and BR-FR-10 in France) is asked for
 * here, so that a wrong number is told at the start and not by the first customer.
 */
export const seller = z
  .strictObject({
    name: z.string().trim().min(1, 'is empty'),
    street: z.string().optional(),
    postalCode: z.string().optional(),
    city: z.string().optional(),
    country: z.string().refine(isCountry, 'is no ISO 3166-1 code such as FR').default('FR'),
    email: z.email('must be an address').optional(),
    siren: z.string().transform(compactNumber).refine(isSiren, 'is no SIREN: nine digits with a check').optional(),
    siret: z.string().transform(compactNumber).refine(isSiret, 'is no SIRET: fourteen digits with a check').optional(),
    vatNumber: z
      .string()
      .transform(compactNumber)
      .refine((text) => /^[A-Z]{2}[0-9A-Z+*]{2,13}$/.test(text), 'must begin with the code of its country')
      .refine((text) => !text.startsWith('FR') || isFrenchVatNumber(text), 'is no French VAT number: its key is wrong')
      .optional(),
    legalForm: z.string().optional(),
    shareCapital: z.string().optional(),
    rcs: z.string().optional(),
    iban: z.string().transform(compactNumber).refine(isIban, 'is no IBAN: its check digits are wrong').optional(),
    operations: z.enum(['goods', 'services', 'mixed'], 'is goods, services or mixed').optional(),
    vatExemptionReason: z.string().optional(),
  })
  .superRefine(({ country, siren, siret, vatNumber }, ctx) => {
    const refuse = (field: string, message: string): void => ctx.addIssue({ code: 'custom', path: [field], message });
    if (siren && siret && !siret.startsWith(siren)) refuse('siret', 'must begin with the siren');
    const company = siren ?? siret?.slice(0, 9);
    if (country === 'FR' && !company) refuse('siren', 'is required, or siret, of a seller in France');
    if (company && vatNumber?.startsWith('FR') && !vatNumber.endsWith(company))
      refuse('vatNumber', 'must end with the siren');
  })
  .optional();
