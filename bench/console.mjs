/**
 * How soon the console can be used: `npm run bench:console`.
 *
 * A browser with an empty cache, 10 Mbit/s and 40 ms of latency, opens each page of the console, signed in: bytes that
 * came over the line, when the page's heading and its answer were there, how long scripts kept the page busy after
 * that, and how far things jumped about (cumulative layout shift). Medians of five. The made-up firm is filled in.
 * Needs Chromium and PostgreSQL (BENCH_DATABASE_URL). Writes bench/results/console.md; ends with 1 above a limit.
 */
import { existsSync } from 'node:fs';
import { pino } from 'pino';
import { chromium } from 'playwright-core';
import { fillDemoFirm } from '../src/app/demo.js';
import { log, withOwnServer, writeResults } from './own-server.mjs';

const limits = { shellKb: 200, interactiveMs: 2000, layoutShift: 0.1 };
const rounds = 5;
const pages = [
  '/sign-in',
  '/',
  '/documents',
  '/decisions',
  '/money',
  '/invoices',
  '/clients',
  '/interventions',
  '/planning',
  '/profile',
];
const line = { offline: false, latency: 40, downloadThroughput: 10e6 / 8, uploadThroughput: 10e6 / 8 };

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Run in the page before its own scripts. */
const watch = () => {
  window.shift = 0;
  window.busyUntil = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) window.busyUntil = startTime + duration;
  }).observe({ type: 'longtask', buffered: true });
};

/** One visit in a context of its own: nothing is cached. */
async function visit(browser, { url, path, state }) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 850 },
    storageState: state,
    locale: 'en-GB',
  });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', line);
  const types = new Map();
  let shellBytes = 0;
  let bytes = 0;
  session.on('Network.responseReceived', ({ requestId, response }) => types.set(requestId, response.url));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    bytes += encodedDataLength;
    if (/\/console\//.test(types.get(requestId) ?? '')) shellBytes += encodedDataLength;
  });
  await page.addInitScript(watch);
  await page.goto(`${url}/console${path}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  // A function: a text would be evaluated by the page, which its content policy forbids.
  await page.waitForFunction(
    () => ![...document.querySelectorAll('[role=status]')].some(({ textContent }) => textContent === 'Loading'),
  );
  const shownMs = await page.evaluate('performance.now()');
  await page.waitForLoadState('networkidle');
  const { busyUntil, shift } = await page.evaluate('({ busyUntil: window.busyUntil, shift: window.shift })');
  await context.close();
  return { shellKb: shellBytes / 1024, kb: bytes / 1024, interactiveMs: Math.max(shownMs, busyUntil), shift };
}

const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));

await withOwnServer({}, async ({ app, client }) => {
  const { usernames, password } = await fillDemoFirm(app, { isWhole: true, log: pino({ level: 'silent' }) });
  log('the firm is filled in');
  // Who may see every page.
  await client.query(`insert into role_assignments (user_id, role_id)
    select u.id, r.id from users u, roles r where u.username = '${usernames[0]}' and r.name = 'admin'`);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const login = await fetch(`${app.url}/kdocs/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: usernames[0], password }),
  });
  const value = /kdocs_session=([^;]+)/.exec(login.headers.get('set-cookie'))[1];
  const { hostname } = new URL(app.url);
  const cookie = {
    name: 'kdocs_session',
    value,
    domain: hostname,
    path: '/',
    httpOnly: true,
    secure: false,
    sameSite: 'Lax',
    expires: -1,
  };
  const rows = [];
  for (const path of pages) {
    const visits = [];
    for (let round = 0; round < rounds; round += 1) {
      const state = { cookies: path === '/sign-in' ? [] : [cookie], origins: [] };
      visits.push(await visit(browser, { url: app.url, path, state }));
    }
    const of = (key) => median(visits.map((each) => each[key]));
    rows.push({ path, shellKb: of('shellKb'), kb: of('kb'), interactiveMs: of('interactiveMs'), shift: of('shift') });
    const { kb, interactiveMs, shift } = rows.at(-1);
    log(`${path}: ${kb.toFixed(0)} KB, ${interactiveMs.toFixed(0)} ms, shift ${shift.toFixed(3)}`);
  }
  await browser.close();
  const wrong = [
    // What comes first: with the one page that it shows, and the headers.
    ...rows
      .filter(({ path, shellKb }) => (path === '/sign-in' || path === '/') && shellKb > limits.shellKb)
      .map(({ path, shellKb }) => `${path} needs files of ${shellKb.toFixed(0)} KB`),
    ...rows
      .filter(({ interactiveMs }) => interactiveMs > limits.interactiveMs)
      .map(({ path }) => `${path} takes too long`),
    ...rows.filter(({ shift }) => shift > limits.layoutShift).map(({ path }) => `${path} jumps about`),
  ];
  writeResults(
    'console.md',
    `# How soon the console can be used

Empty cache, 10 Mbit/s, 40 ms of latency, medians of ${rounds}, browser and server on the same machine. The first page may take
${limits.interactiveMs} ms and its files ${limits.shellKb} KB; nothing may jump by more than ${limits.layoutShift}.

| page | its files, KB | with answers, KB | can be used after, ms | layout shift |
| --- | --- | --- | --- | --- |
${rows.map(({ path, shellKb, kb, interactiveMs, shift }) => `| ${path} | ${shellKb.toFixed(0)} | ${kb.toFixed(0)} | ${interactiveMs.toFixed(0)} | ${shift.toFixed(3)} |`).join('\n')}
`,
  );
  for (const each of wrong) log(`above the limit: ${each}`);
  if (wrong.length > 0) process.exitCode = 1;
});
