import { globSync, readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { fillDemoFirm } from '../../src/app/demo.js';
import {
  barriers,
  hasBrowser,
  launchBrowser,
  openScreen,
  type Screen,
  type ScreenOptions,
} from '../support/console.js';
import { startTestServer, type TestServer } from '../support/harness.js';
import { standInRuntime, type StandIn, writePlugin } from '../support/plugins.js';
import { unheard } from '../support/screen-reader.js';
import { ublInvoice } from '../support/ubl.js';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 180_000 });

/** The paths of the console's route tree, as its areas declare them, for whoever is signed in. */
const routes = globSync('console/src/*/routes.ts')
  .concat('console/src/router.tsx')
  .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/\bpath: '([^']+)'/g)].map(([, path]) => path as string))
  // What is left leads nowhere, and says so.
  .filter((path) => path !== '/$');

/** What pages hold besides what their address alone shows, as the end of the address. */
const parts: Readonly<Record<string, readonly string[]>> = {
  '/clients/$id': ['interventions', 'appointments', 'contracts', 'reports', 'invoices'].map((tab) => `?tab=${tab}`),
  '/accounts/$id': ['?tab=imports', '?tab=reconciliation'],
  '/decisions': ['?tab=delegations', '?tab=rules', '?tab=statistics'],
  '/documents': ['?view=grid', '?q=facture'],
  '/documents/$id': ['notes', 'versions', 'history', 'sharing', 'text'].map((tab) => `?tab=${tab}`),
  '/filing': ['?tab=types', '?tab=correspondents', '?tab=fields'],
  '/interventions': ['?view=board', '?view=map'],
  '/interventions/$id': ['media', 'reports', 'visits', 'history'].map((tab) => `?tab=${tab}`),
  '/monitoring': ['?tab=alerts', '?tab=processes', '?tab=followers'],
  '/people/$id': ['?tab=roles', '?tab=why', '?tab=sessions', '?tab=log'],
  '/planning': ['?view=day', '?view=team', '?view=month', '?view=agenda'],
  '/plugins/$id': ['brings', 'rights', 'settings', 'versions'].map((tab) => `?tab=${tab}`),
  '/profile': ['security', 'sessions', 'keys', 'notifications', 'data'].map((tab) => `?tab=${tab}`),
};

describe.runIf(hasBrowser)('every page of the console', () => {
  let server: TestServer;
  let browser: Browser;
  let plugins: StandIn;
  /** By route: a thing that its page shows. */
  let ids: Readonly<Record<string, string>>;
  beforeAll(async () => {
    const sources = await mkdtemp(join(inject('folder'), 'plugins-'));
    server = await startTestServer({ env: { PLUGIN_SOURCES: sources }, plugins: false });
    plugins = await standInRuntime(server);
    await fillDemoFirm(server.app, { isWhole: false, log: pino({ level: 'silent' }) });
    ids = await fillUp(server, await writePlugin(sources, plugin));
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await plugins?.stop();
    await server?.stop();
  });

  /** In a window of its own: what `look` finds wrong with each page, after the page's address. */
  async function walk(options: ScreenOptions, look: (screen: Screen) => Promise<string[]>): Promise<string[]> {
    const screen = await openScreen(browser, server, server.admin, '/', options);
    const settled = quietOf(screen.page);
    const found: string[] = [];
    const titles = new Map<string, string>();
    for (const route of routes) {
      const id = ids[route];
      if (route.includes('$') && id === undefined) throw new Error(`Name something that ${route} shows`);
      for (const part of ['', ...(parts[route] ?? [])]) {
        const path = `${route.replace('$id', id ?? '')}${part}`;
        await screen.page.evaluate(`history.pushState({}, '', ${JSON.stringify(`/console${path}`)})`);
        await settled();
        const problems = [...(await unheard(screen.page)), ...(await look(screen)), ...screen.trouble.splice(0)];
        // Whoever comes to a page hears its title; the parts of one have the same.
        const title = await screen.page.title();
        const other = titles.get(title) ?? route;
        if (other !== route) problems.push(`has the title of ${other}: ${title}`);
        titles.set(title, other);
        if ((await screen.page.evaluate('document.activeElement.id')) !== 'page-title')
          problems.push('lost the keyboard');
        found.push(...problems.map((problem) => `${path}: ${problem}`));
      }
    }
    await screen.context.close();
    return found;
  }

  test('is there, is heard, without a barrier in either theme, without an error, and fits a phone and 200 %', async () => {
    const wide = walk({ colorScheme: 'light' }, async (screen) => {
      const { page } = screen;
      const found = [...(await barriers(page)), ...(await missing(page)), ...(await stickingOut(page))];
      await page.setViewportSize({ width: 640, height: 425 });
      found.push(...(await stickingOut(page)).map((problem) => `at 200 %: ${problem}`));
      await page.setViewportSize({ width: 1280, height: 850 });
      return found;
    });
    const narrow = walk({ colorScheme: 'dark', width: 390, locale: 'fr-FR' }, async ({ page }) =>
      [...(await barriers(page)), ...(await stickingOut(page))].map((problem) => `on a phone: ${problem}`),
    );
    expect((await Promise.all([wide, narrow])).flat()).toEqual([]);
  });
});

/** Resolves when the page has what it asked for, and shows it. */
function quietOf(page: Page): () => Promise<void> {
  const running = new Set<unknown>();
  page.on('request', (request) => running.add(request));
  page.on('requestfinished', (request) => running.delete(request));
  page.on('requestfailed', (request) => running.delete(request));
  const drawn = () => page.evaluate('new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))');
  return async () => {
    await drawn();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await expect.poll(() => running.size, { timeout: 30_000, interval: 20 }).toBe(0);
    await page.locator('main .lucide-loader-circle').first().waitFor({ state: 'detached' });
    await drawn();
  };
}

/** Pages that are not there, and parts of a page that say that they failed. */
async function missing(page: Page): Promise<string[]> {
  if (await page.getByRole('heading', { level: 1, name: 'There is no such page' }).count()) return ['leads nowhere'];
  const said = (await page.getByRole('main').getByRole('alert').allTextContents()).map((text) => `says: ${text}`);
  // A click takes the router's way; whoever opens a link in another tab takes its address.
  const astray = await page.locator('a[href^="/console/console"]').count();
  return astray ? [...said, `${astray} links have the console's base twice`] : said;
}

/** What makes the page wider than its window; empty for a page that fits. */
async function stickingOut(page: Page): Promise<string[]> {
  await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))');
  return page.evaluate(`document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll('main *')]
      .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
      .map((each) => 'sticks out: ' + each.outerHTML.slice(0, 120)).concat('wider than the window').slice(0, 3)`);
}

const plugin = {
  id: 'mailer',
  version: '1.0.0',
  description: 'Sends mail',
  author: 'Someone',
  capabilities: ['graph:read'],
  settings: {
    type: 'object',
    required: ['url'],
    properties: { url: { type: 'string', title: 'Address' }, key: { type: 'string', writeOnly: true } },
  },
};

/** Adds what the demonstration lacks, and finds a thing for each page. */
async function fillUp(server: TestServer, pluginSource: string): Promise<Readonly<Record<string, string>>> {
  const ask = async (query: string, variables: object = {}): Promise<any> => {
    const { data, errors } = await server.graphql(query, variables, server.admin.token);
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };
  const make = async (name: string, selection: string, input: object): Promise<any> => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    return (await ask(`mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`, { input }))[name];
  };
  const body = new FormData();
  body.append('files', new Blob([ublInvoice()]), 'facture.xml');
  const { json } = await server.request('POST', '/kdocs/api/documents/upload', { token: server.admin.token, body });
  await server.services.jobs.run('supplier_invoices.receive', { documentId: json.results[0].id });
  await server.sql(`
    insert into alerts (kind, subject_kind, subject_name, raised_at, value, threshold, request_count)
    values ('slow_responses', 'route', 'GET /slow/:id', now(), 2.4, 2, 22)`);
  await make('installPlugin', 'plugin { id }', { id: 'mailer', source: pluginSource, grants: ['graph:read'] });
  const { webhookEndpoint } = await make('createWebhookEndpoint', 'webhookEndpoint { id }', {
    name: 'Bookkeeper',
    url: 'https://example.org/hook',
    events: ['invoice.*'],
  });
  const first = async (list: string): Promise<string> =>
    (await ask(`{ ${list}(first: 1) { nodes { id } } }`))[list].nodes[0].id;
  const { bankAccount } = await make('createBankAccount', 'bankAccount { id }', {
    name: 'Courant',
    typeId: await first('bankAccountTypes'),
  });
  await make('createTransaction', 'transaction { id }', {
    accountId: bankAccount.id,
    amount: -800,
    description: 'Loyer',
    transactionDate: '2026-05-04',
    recurrence: { frequency: 'MONTHLY' },
  });
  await make('createBudget', 'budget { id }', { name: 'Vacances', targetAmount: 2000, targetDate: '2199-06-30' });
  const clientId = await first('clients');
  const { maintenanceContract } = await make('createMaintenanceContract', 'maintenanceContract { id }', {
    clientId,
    frequency: 'MONTHLY',
    kind: 'INSPECTION',
    startDate: '2026-05-04',
    title: 'Entretien',
    visitMinutes: 60,
    visitTime: '09:00',
  });
  const { invoice } = await make('createInvoice', 'invoice { id }', {
    clientId,
    items: [{ description: 'Visite', quantity: 1, unitPrice: 85, vatRate: 20 }],
  });
  return {
    '/accounts/$id': bankAccount.id,
    '/recurrence-rules/$id': await first('recurrenceRules'),
    '/clients/$id': clientId,
    '/documents/$id': await first('documents'),
    '/interventions/$id': await first('interventions'),
    '/contracts/$id': maintenanceContract.id,
    '/invoices/$id': invoice.id,
    '/supplier-invoices/$id': await first('supplierInvoices'),
    '/monitoring/alertes/$id': await first('alerts'),
    '/people/$id': await first('users'),
    '/planning/$id': await first('appointments'),
    '/plugins/$id': 'mailer',
    '/taches/$id': 'cleanup_logs',
    '/webhooks/$id': webhookEndpoint.id,
  };
}
