import { isCalendarDate } from '../../../lib/calendar-day.js';
import type { FieldProblem } from '../../../lib/errors.js';
import { dayOf } from '../../../lib/moments.js';
import { CustomFieldKind } from './custom-field.entity.js';

const maxTextLength = 1000;
const maxUrlLength = 2000;

type Outcome = { value: string } | Pick<FieldProblem, 'code' | 'message'>;

/**
 * A number in its one spelling: `+007.50` is `7.5`. Undefined for what is none, or has more than 15 digits or 6
 * decimals.
 */
export function canonicalNumber(text: string): string | undefined {
  const [, sign = '', whole = '', decimals = ''] = /^([+-]?)0*(\d{1,15})(?:\.(\d{1,6}?)0*)?$/.exec(text) ?? [];
  if (whole === '') return undefined;
  const fraction = /[1-9]/.test(decimals) ? `.${decimals.replace(/0+$/, '')}` : '';
  const magnitude = `${whole}${fraction}`;
  return sign === '-' && magnitude !== '0' ? `-${magnitude}` : magnitude;
}

/** What a person gave for a field, in the one spelling of its kind, or what is wrong with it. */
export function fieldValueOf(kind: CustomFieldKind, choices: readonly string[], given: unknown): Outcome {
  const text =
    typeof given === 'string' || typeof given === 'boolean' || (typeof given === 'number' && Number.isFinite(given))
      ? String(given).trim()
      : undefined;
  if (text === undefined) return { code: 'invalid', message: 'Must be a text, a number or true or false' };
  if (text === '') return { code: 'required', message: 'Must not be empty; null removes the value' };
  if (text.includes('\0') || !text.isWellFormed())
    return { code: 'invalid_format', message: 'Holds a character that cannot be kept' };
  switch (kind) {
    case CustomFieldKind.TEXT:
      return text.length > maxTextLength
        ? { code: 'too_long', message: `At most ${maxTextLength} characters` }
        : { value: text };
    case CustomFieldKind.INTEGER:
    case CustomFieldKind.DECIMAL: {
      const number = canonicalNumber(text);
      if (kind === CustomFieldKind.INTEGER) {
        return number === undefined || number.includes('.')
          ? { code: 'invalid_format', message: 'A whole number of at most 15 digits' }
          : { value: number };
      }
      return number === undefined
        ? { code: 'invalid_format', message: 'A number of at most 15 digits and 6 decimals' }
        : { value: number };
    }
    case CustomFieldKind.DATE: {
      const day = dayOf(text) ?? text;
      return isCalendarDate(day) ? { value: day } : { code: 'invalid_format', message: 'A day such as 2026-02-03' };
    }
    case CustomFieldKind.BOOLEAN:
      if (text === '1' || text === '0') return { value: text === '1' ? 'true' : 'false' };
      return text === 'true' || text === 'false'
        ? { value: text }
        : { code: 'invalid_format', message: 'true or false' };
    case CustomFieldKind.URL:
      if (text.length > maxUrlLength) return { code: 'too_long', message: `At most ${maxUrlLength} characters` };
      return /^https?:\/\//i.test(text) && URL.canParse(text)
        ? { value: text }
        : { code: 'invalid_format', message: 'An address such as https://example.org/' };
    case CustomFieldKind.CHOICE:
      return choices.includes(text) ? { value: text } : { code: 'not_allowed', message: 'Is none of the choices' };
  }
}
