import fc from 'fast-check';
import { RE2JS } from 're2js';
import { expect, test } from 'vitest';
import { validatePattern } from '../../src/lib/matching.js';
import { foldPattern, repetitionIn } from '../../src/lib/regex-pattern.js';

test.each([
  ['facture', 0, ''],
  [String.raw`\d{14}`, 13, String.raw`\d{14}`],
  ['x{2,5}y{3}', 6, 'x{2,5}'],
  ['a{2,}', 2, 'a{2,}'],
  ['(?:[a-z{9}]{3} ){0,10}', 4 * 9 + 2 * 10, '(?:[a-z{9}]{3} ){0,10}'],
  [String.raw`\{9}\Qa{9}\E`, 0, ''],
  [String.raw`\p{Lu}{4}`, 3, String.raw`\p{Lu}{4}`],
  ['a{x}b{0}c{1}', 0, ''],
])('%s is longer by %i when it is written out', (pattern, added, part) => {
  const found = repetitionIn(pattern);
  expect([found.part, found.part === '' ? 0 : found.added]).toEqual([part, added]);
});

test('an expression that repeats too much is refused before it is compiled, by its part and with the reason', () => {
  const refusal = (pattern: string): string | undefined => validatePattern({ algorithm: 'regex', pattern });
  expect(refusal('total .{0,200}€')).toBeUndefined();
  expect(refusal('n° [a-z]{0,1000} x{3}')).toBe(
    "The regular expression can't be used: it repeats too much, most of it in `[a-z]{0,1000}`. " +
      'Written out, its repetitions come to 1001 more steps, and may come to 500',
  );
  // Eighty times a thousand: compiling it would take seconds.
  expect(refusal('[a-z]{0,999}'.repeat(80))).toContain('`[a-z]{0,999}`');
  expect(refusal('(('.repeat(100))).toMatch(/missing closing \)/);
});

test('whatever is written, what is compiled is no longer than what was counted', () => {
  const parts = [
    'a',
    'é',
    'b',
    '.',
    '\\d',
    '\\pL',
    '[a-c]',
    '[^x]',
    '(',
    '(?:',
    ')',
    '|',
    '*',
    '+',
    '?',
    '{2}',
    '{0,7}',
  ];
  const pattern = fc.array(fc.constantFrom(...parts, '{3,}', '\\Q', '\\E', '{', ']'), { maxLength: 25 });
  fc.assert(
    fc.property(pattern, (tokens) => {
      const written = tokens.join('');
      const { added } = repetitionIn(written);
      expect(added).toBeGreaterThanOrEqual(0);
      let size: number;
      try {
        size = RE2JS.compile(foldPattern(written)).programSize();
      } catch {
        return;
      }
      // A step is at most a character, its choice of stopping, and a group's two ends.
      expect(size).toBeLessThanOrEqual(4 * (written.length + added) + 10);
    }),
    { numRuns: 2000 },
  );
});
