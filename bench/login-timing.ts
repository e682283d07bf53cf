// Measures whether the time of a refused login tells people that exist from names that nobody has.
//
// Pairs of attempts, a known name and an unknown one, in an order that a fixed seed shuffles; every attempt comes from an
// address of its own, so that the lock after failures stays out of it. The verdict is a Mann-Whitney test (two-sided, normal
// approximation) and the relative difference of the medians: it exits with 1 when both stand out.
//
//   npm run bench:login-timing            200 pairs
//   PAIRS=1000 npm run bench:login-timing
import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { startApp } from '../src/app/start.js';
import { readConfig } from '../src/config/config.js';

const pairs = Number(process.env['PAIRS'] ?? 200);
const warmUpPairs = 20;
const boundOfDifference = 0.15;
const boundOfChance = 0.001;

/** mulberry32: small, and the same on every machine. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
};

/** The probability of a difference of ranks this large by chance (times have hardly any ties). */
function mannWhitney(one: readonly number[], other: readonly number[]): number {
  const ranked = [
    ...one.map((value) => ({ value, isOne: true })),
    ...other.map((value) => ({ value, isOne: false })),
  ].toSorted((a, b) => a.value - b.value);
  const rankSum = ranked.reduce((sum, { isOne }, i) => sum + (isOne ? i + 1 : 0), 0);
  const [n, m] = [one.length, other.length];
  const u = rankSum - (n * (n + 1)) / 2;
  const z = Math.abs(u - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12);
  return 2 * (1 - normal(z));
}

/** Of the standard normal distribution, by Abramowitz and Stegun 26.2.17 (error below 1e-7). */
function normal(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const tail = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * tail;
}

const folder = await mkdtemp(join(tmpdir(), 'passerelle-bench-'));
const app = await startApp({
  config: readConfig({
    DATA_DIR: folder,
    PORT: '0',
    DEMO: '0',
    RATE_LIMITS: 'off',
    TRUST_PROXY: '1',
    JWT_SECRET: 'bench-'.repeat(8),
    ENCRYPTION_KEY: 'bench-'.repeat(8),
  }),
  log: pino({ level: 'silent' }),
  database: { fsync: false },
});

let attempts = 0;
async function timeOf(username: string): Promise<number> {
  attempts += 1;
  const headers = {
    'content-type': 'application/json',
    'x-forwarded-for': `10.${(attempts >> 16) & 255}.${(attempts >> 8) & 255}.${attempts & 255}`,
  };
  const body = JSON.stringify({ username, password: 'Wrong-password-1' });
  const start = process.hrtime.bigint();
  const response = await fetch(`${app.url}/auth/login`, { method: 'POST', headers, body });
  await response.text();
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  if (response.status !== 401) throw new Error(`A refused login answered ${response.status}`);
  return milliseconds;
}

try {
  const random = randomOf(20_260_203);
  const people = await Promise.all(
    Array.from({ length: 10 }, async (_, i) => {
      const email = `known${i}@example.org`;
      const response = await fetch(`${app.url}/auth/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password: 'Motdepasse-1', full_name: 'Claire Moreau' }),
      });
      if (response.status !== 201) throw new Error(`A registration answered ${response.status}`);
      return email;
    }),
  );
  const known: number[] = [];
  const unknown: number[] = [];
  for (let pair = 0; pair < warmUpPairs + pairs; pair += 1) {
    const name = people[Math.floor(random() * people.length)] as string;
    const stranger = `other${Math.floor(random() * 10)}@example.org`;
    const knownFirst = random() < 0.5;
    const times = [await timeOf(knownFirst ? name : stranger), await timeOf(knownFirst ? stranger : name)] as const;
    if (pair < warmUpPairs) continue;
    known.push(times[knownFirst ? 0 : 1]);
    unknown.push(times[knownFirst ? 1 : 0]);
  }
  const [ofKnown, ofUnknown] = [median(known), median(unknown)];
  const difference = Math.abs(ofKnown - ofUnknown) / ofUnknown;
  const chance = mannWhitney(known, unknown);
  process.stdout.write(
    `${pairs} pairs; median ${ofKnown.toFixed(2)} ms for known names, ${ofUnknown.toFixed(2)} ms for unknown ones: ${(difference * 100).toFixed(2)} % apart, p = ${chance.toPrecision(3)}\n`,
  );
  if (difference > boundOfDifference && chance < boundOfChance) {
    process.stdout.write('The time of a login tells who has an account\n');
    process.exitCode = 1;
  }
} finally {
  await app.stop();
  await rm(folder, { recursive: true, force: true });
}
