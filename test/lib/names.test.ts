import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isConfusable, isSeen, tidyName } from '../../src/lib/names.js';
import { isEmail, passwordWeaknesses } from '../../src/lib/person-rules.js';

test.each(['Été', 'Œuvre d’art', 'Ελλάδα', 'Москва', '東京', 'عربي', 'Équipe 👩‍👩‍👧‍👦', '❤️ à suivre', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '1️⃣'])(
  '%s is seen whole',
  (name) => expect(isSeen(name)).toBe(true),
);

test.each([
  0x200b, 0x200c, 0x200d, 0x200e, 0x202e, 0x2060, 0x2066, 0x2069, 0xfeff, 0xad, 0x3164, 0xfe0f, 0, 9, 10, 0x2028,
])('U+%# (%i) within a name is not', (code) => {
  const unseen = String.fromCodePoint(code);
  for (const name of [`Fac${unseen}ture`, unseen, `👩${unseen}a`]) expect(isSeen(name)).toBe(false);
});

test('what looks the same is kept the same', () => {
  expect(tidyName(' e\u0301te\u0301 ')).toBe('été');
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => tidyName(tidyName(text)) === tidyName(text)));
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof isSeen(text) === 'boolean'));
});

test.each([
  ['аdmin@example.com', 'a Cyrillic а'],
  ['αdmin@example.com', 'a Greek α'],
  ['ａｄｍｉｎ@example.com', 'full width'],
  ['ﬁrm@example.com', 'a ligature'],
  ['ad\u200bmin@example.com', 'a space without width'],
  ['admin@exаmple.com', 'a Cyrillic а in the host'],
])('%s is no address: %s', (email) => expect(isEmail(email)).toBe(false));

test.each(['admin@example.com', 'josé.müller@example.com', '山田@example.com'])('%s is an address', (email) =>
  expect([isEmail(email), isConfusable(email)]).toEqual([true, false]),
);

test('an accent that stands beside its letter is no special character', () => {
  expect(passwordWeaknesses('Motdepasse1e\u0301').map(({ code }) => code)).toEqual(['weak_password']);
  expect(passwordWeaknesses('Motdepasse-1e\u0301')).toEqual([]);
});
