/** Values of an input, checked: each adds its problems to those of the others, so that all are told at once. */
import type { FieldProblem } from './errors.js';
import { compareAmounts, fitsMoney, toAmount } from './money.js';
import { isSeen, tidyName, unseenMessage } from './names.js';

const firstDay = '1900-01-01';
const lastDay = '2199-12-31';

/** The amount with two decimals; adds a problem when it is none, or 0 or less although it must be more. */
export function checkedAmount(
  amount: string,
  path: readonly string[],
  problems: FieldProblem[],
  { isPositive = false }: { isPositive?: boolean } = {},
): string {
  const exact = toAmount(amount);
  if (exact === undefined) problems.push({ path, code: 'invalid', message: 'must have at most two decimals' });
  else if (isPositive && compareAmounts(exact, '0') <= 0)
    problems.push({ path, code: 'too_small', message: 'must be more than 0' });
  else if (!fitsMoney(exact)) problems.push({ path, code: 'too_large', message: 'must have at most 12 digits' });
  return exact ?? '0.00';
}

/** The text in NFC, without blanks around it; adds a problem when it is too long, or empty and required. */
export function checkedText(
  text: string,
  path: readonly string[],
  problems: FieldProblem[],
  { max, maxLines, isRequired = false }: { max: number; maxLines?: number; isRequired?: boolean },
): string {
  const trimmed = tidyName(text);
  if (isRequired && trimmed === '') problems.push({ path, code: 'required', message: 'must not be empty' });
  if (trimmed.length > max) problems.push({ path, code: 'too_long', message: `at most ${max} characters` });
  else if (maxLines !== undefined && lineCount(trimmed) > maxLines)
    problems.push({ path, code: 'too_long', message: `at most ${maxLines} lines` });
  if (trimmed.includes('\0'))
    problems.push({ path, code: 'invalid_format', message: 'must not contain the character U+0000' });
  return trimmed;
}

/** As they are printed: every kind of line break begins one. */
export const lineCount = (text: string): number => text.split(/\r\n?|[\n\v\f\u2028\u2029]/).length;

/** Like `checkedText`, for what things are told apart by: adds a problem also when something in it does not show. */
export function checkedName(
  name: string,
  path: readonly string[],
  problems: FieldProblem[],
  { isRequired = true, ...rules }: { max: number; isRequired?: boolean },
): string {
  const known = problems.length;
  const text = checkedText(name, path, problems, { ...rules, isRequired });
  if (problems.length === known && !isSeen(text))
    problems.push({ path, code: 'invalid_format', message: unseenMessage });
  return text;
}

/** The day as it is; adds a problem when it lies before 1900 or after 2199. */
export function checkedDay(day: string, path: readonly string[], problems: FieldProblem[]): string {
  if (day < firstDay) problems.push({ path, code: 'too_small', message: `must be ${firstDay} or later` });
  if (day > lastDay) problems.push({ path, code: 'too_large', message: `must be ${lastDay} or earlier` });
  return day;
}

/** The moment in whole seconds, as it is shown; adds a problem when its day would be refused by `checkedDay`. */
export function checkedMoment(moment: Date, path: readonly string[], problems: FieldProblem[]): Date {
  checkedDay(moment.toISOString().slice(0, 10), path, problems);
  return new Date(Math.floor(moment.getTime() / 1000) * 1000);
}

/** Adds a problem when the number lies outside of the bounds. */
export function checkedRange(
  value: number,
  path: readonly string[],
  problems: FieldProblem[],
  { min, max }: { min: number; max: number },
): void {
  if (value < min) problems.push({ path, code: 'too_small', message: `must be at least ${min}` });
  if (value > max) problems.push({ path, code: 'too_large', message: `must be at most ${max}` });
}
