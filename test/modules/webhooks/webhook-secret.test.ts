import { expect, test } from 'vitest';
import { readRetryAfter, waitAfter } from '../../../src/modules/webhooks/retry-schedule.js';
import { WebhookFormat } from '../../../src/modules/webhooks/webhook-endpoint.entity.js';
import { newWebhookSecret, problemOfSecret, signatureHeaders } from '../../../src/modules/webhooks/webhook-secret.js';

const at = new Date('2026-11-30T10:00:00Z');

/** The signatures were made by Python's hmac. */
test('a body is signed byte for byte as it is sent', () => {
  const written = String.raw`{"type":"client_created","timestamp":"2026-11-29T10:00:00Z","data":{"nom":"Hélène\u2028","montant":1.0},"resource_id":"7"}`;
  const cases: [string, string, string][] = [
    [
      written,
      '649eef73e4965d3ce7a2755cf405b0bb8c752c95e6cb6e8b461459965cd4d3d2',
      'pPgze9jSQQhNH/Gal0U4w3OGU55GOvVm6MM8CDhzZyY=',
    ],
    [
      written.replace(String.raw`\u2028`, '\u2028'),
      'e5ee5edfde27a6af25ccf19e3964ce84590fc0d9750b12ba9c611e8ade523846',
      'vbYJgHYuAl3dZ5KudczHYCCk3iODUA7LY1D81ls35uM=',
    ],
  ];
  for (const [body, hex, base64] of cases)
    expect(signatureHeaders({ messageId: '42', at, body: Buffer.from(body), secrets: ['s3cr3t'] })).toEqual({
      'webhook-id': '42',
      'webhook-timestamp': '1796032800',
      'webhook-signature': `v1,${base64}`,
      'x-webhook-signature': `sha256=${hex}`,
    });
  // Parsed and printed again it is another text.
  expect(JSON.stringify(JSON.parse(written))).not.toBe(written);
});

test('during an overlap the new signature comes first, and the other header has the new one alone', () => {
  const signed = (secrets: [string, ...string[]]): Record<string, string> =>
    signatureHeaders({ messageId: '1', at, body: Buffer.from('{}'), secrets });
  const [fresh, former] = [newWebhookSecret(), newWebhookSecret()];
  const [one, other] = [signed([fresh]), signed([former])];
  expect(signed([fresh, former])).toMatchObject({
    'webhook-signature': `${one['webhook-signature']} ${other['webhook-signature']}`,
    'x-webhook-signature': one['x-webhook-signature'],
  });
});

test('short secrets are for documented events only, and a whsec_ has 24 to 64 bytes for all', () => {
  const { LOG, DOCUMENTED, QUERY } = WebhookFormat;
  const codeOf = (secret: string, format: WebhookFormat): string | undefined => problemOfSecret(secret, format)?.code;
  for (const secret of ['s3cr3t', 'string']) {
    expect(codeOf(secret, DOCUMENTED)).toBeUndefined();
    for (const format of [LOG, QUERY]) expect(codeOf(secret, format)).toBe('too_short');
  }
  expect(codeOf('short', DOCUMENTED)).toBe('too_short');
  for (const format of [LOG, DOCUMENTED, QUERY]) {
    const key = (bytes: number): string => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;
    expect([23, 24, 64, 65].map((bytes) => codeOf(key(bytes), format))).toEqual([
      'invalid',
      undefined,
      undefined,
      'invalid',
    ]);
    expect(codeOf('whsec_not base64 at all', format)).toBe('invalid');
    expect(codeOf('x'.repeat(201), format)).toBe('too_long');
  }
});

test('Retry-After is read as seconds or as a date, within 5 seconds and 24 hours; else the schedule holds', () => {
  const usual = { maxAttempts: null, retryDelaySeconds: null };
  const waits: [string | undefined, number][] = [
    [undefined, 300],
    ['120', 120],
    [' 120 ', 120],
    ['0', 5],
    ['999999999', 86_400],
    ['9'.repeat(40), 86_400],
    ['-5', 300],
    ['soon', 300],
    ['1.5', 300],
    ['', 300],
    ['Mon, 30 Nov 2026 10:10:00 GMT', 600],
    ['Monday, 30-Nov-26 10:10:00 GMT', 600],
    ['Mon, 30 Nov 2026 09:00:00 GMT', 5],
    ['Wed, 30 Dec 2026 10:00:00 GMT', 86_400],
  ];
  for (const [header, seconds] of waits)
    expect([header, waitAfter(2, readRetryAfter(header, at), usual)]).toEqual([header, seconds * 1_000]);
  // Asked for or not, it is given up after the last attempt.
  expect(waitAfter(8, 120_000, usual)).toBeUndefined();
  const own = { maxAttempts: 10, retryDelaySeconds: 60 };
  expect([1, 9, 10].map((attempts) => waitAfter(attempts, undefined, own))).toEqual([60_000, 60_000, undefined]);
  expect(waitAfter(1, 120_000, own)).toBe(120_000);
  // Beyond the schedule's eight its last wait is repeated.
  expect(waitAfter(9, undefined, { maxAttempts: 10, retryDelaySeconds: null })).toBe(36_000_000);
  expect(waitAfter(3, undefined, { maxAttempts: 3, retryDelaySeconds: null })).toBeUndefined();
});
