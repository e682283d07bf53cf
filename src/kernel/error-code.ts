import { registerEnumType } from 'type-graphql';
import { type ErrorCode as Code, errorCodes, errorMeanings } from '../lib/error-catalog.js';

/** The codes of errors as values of the graph, for what a payload says beside its errors. */
export const ErrorCode = Object.fromEntries(errorCodes.map((code) => [code, code])) as { [C in Code]: C };
export type ErrorCode = Code;

registerEnumType(ErrorCode, {
  name: 'ErrorCode',
  description: 'Why something was refused, as in `extensions.code` of an error.',
  valuesConfig: Object.fromEntries(errorCodes.map((code) => [code, { description: errorMeanings[code] }])),
});
