import type { FieldProblem } from '../../../lib/errors.js';
import { maxPatternLength, validatePattern } from '../../../lib/matching.js';
import { isSeen, unseenMessage } from '../../../lib/names.js';
import type { MatchingAlgorithm } from './matching-algorithm.js';

/** What tags and correspondents have in common: a name and a rule by which documents are recognised. */
export interface LabelFacts {
  name?: string | null | undefined;
  match?: string | null | undefined;
  matchingAlgorithm?: MatchingAlgorithm | null | undefined;
}

const maxNameLength = 200;

/** Everything wrong with a label as it would be after the change. */
export function problemsOfLabel({
  name,
  match,
  matchingAlgorithm,
}: {
  name: string;
  match: string;
  matchingAlgorithm: MatchingAlgorithm;
}): FieldProblem[] {
  const problems = problemsOfName('name', name);
  if (match.includes('\0'))
    problems.push({ path: ['match'], code: 'invalid_format', message: 'Must not contain the character U+0000' });
  const reason = validatePattern({ algorithm: matchingAlgorithm, pattern: match });
  if (reason)
    problems.push({ path: ['match'], code: match.length > maxPatternLength ? 'too_long' : 'invalid', message: reason });
  return problems;
}

export function problemsOfName(path: string, name: string): FieldProblem[] {
  if (name.trim() === '') return [{ path: [path], code: 'required', message: 'Must not be empty' }];
  if (name.length > maxNameLength)
    return [{ path: [path], code: 'too_long', message: `At most ${maxNameLength} characters` }];
  return isSeen(name) ? [] : [{ path: [path], code: 'invalid_format', message: unseenMessage }];
}
