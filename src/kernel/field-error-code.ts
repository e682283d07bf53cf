import { registerEnumType } from 'type-graphql';
import { type FieldCode, fieldMeanings } from '../lib/error-catalog.js';

const codes = Object.keys(fieldMeanings) as FieldCode[];

/** What can be wrong with one field as values of the graph, for what a payload says beside its errors. */
export const FieldErrorCode = Object.fromEntries(codes.map((code) => [code.toUpperCase(), code])) as {
  [C in FieldCode as Uppercase<C>]: C;
};
export type FieldErrorCode = FieldCode;

registerEnumType(FieldErrorCode, {
  name: 'FieldErrorCode',
  description: 'What is wrong with a field: as the `code` of a field in the errors, in upper case.',
  valuesConfig: Object.fromEntries(codes.map((code) => [code.toUpperCase(), { description: fieldMeanings[code] }])),
});
