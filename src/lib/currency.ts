import type { FieldProblem } from './errors.js';

const currencies = new Set(Intl.supportedValuesOf('currency'));

/** A problem of the field `currency` unless the text is a code of ISO 4217, such as `EUR`. */
export const currencyProblems = (currency: string): FieldProblem[] =>
  currencies.has(currency) ? [] : [{ path: ['currency'], code: 'invalid', message: 'is no ISO 4217 currency code' }];
