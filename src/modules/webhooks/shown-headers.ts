import { mask } from './custom-headers.js';

/** A header of a request or an answer, as it is kept for the owner to look at. */
export interface ShownHeader {
  name: string;
  value: string;
}

/** Says how a delivery was meant; all others of a request are masked. */
const plain = new Set(['content-type', 'user-agent', 'webhook-id', 'webhook-timestamp']);

/** What was sent, with signatures and the values of the owner's own headers masked. */
export const shownRequestHeaders = (headers: Readonly<Record<string, string>>): ShownHeader[] =>
  Object.entries(headers).map(([name, value]) => ({ name, value: plain.has(name) ? value : masked(name, value) }));

/** Which schemes were used stays: `v1,*** v1,***`, `sha256=***`. */
function masked(name: string, value: string): string {
  if (name === 'webhook-signature') return value.replace(/,\S+/g, `,${mask}`);
  return name === 'x-webhook-signature' ? `sha256=${mask}` : mask;
}

/** What of an answer explains it, and can hold no secret of the receiver. */
const harmless = new Set([
  'content-type',
  'content-length',
  'content-encoding',
  'date',
  'server',
  'location',
  'retry-after',
  'allow',
  'via',
  'cf-ray',
  'x-request-id',
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
]);
const longestValue = 200;

/** As text for the database. */
export const shownResponseHeaders = (headers: Readonly<Record<string, string | string[] | undefined>>): ShownHeader[] =>
  Object.entries(headers).flatMap(([name, value]) => {
    if (!harmless.has(name) || value === undefined) return [];
    const text = Array.isArray(value) ? value.join(', ') : value;
    const shown = name === 'location' ? text.replace(/[?#].*$/s, '') : text;
    return { name, value: shown.replaceAll('\0', '\uFFFD').slice(0, longestValue).toWellFormed() };
  });
