import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { emit } from '../../src/events/outbox.js';
import { barriersInBothThemes, hasBrowser, launchBrowser, openScreen, signInOn } from '../support/console.js';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';

vi.setConfig({ testTimeout: 120_000 });

describe.runIf(hasBrowser)('signing in to the console', () => {
  let server: TestServer;
  let browser: Browser;
  let person: Person;
  let clock = Date.now();
  beforeAll(async () => {
    server = await startTestServer({ now: () => new Date(clock) });
    person = await server.person({ roles: ['manager'] });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  test('leads back to the page that was asked for, in a cookie that no script reads', async () => {
    const { page, context, trouble } = await openScreen(browser, server, undefined, '/?of=test');
    await page.waitForURL(/\/sign-in\?/);
    expect(await barriersInBothThemes(page)).toEqual([]);
    await page.getByLabel(/^User name/).fill(person.email);
    await page.getByLabel(/^Password/).fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('don’t match').waitFor();
    await signInOn(page, person);
    expect(page.url()).toBe(`${server.url}/console/?of=test`);
    const cookies = await context.cookies();
    expect(cookies.find(({ name }) => name === 'kdocs_session')).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
    expect(await page.evaluate('document.cookie')).toBe('');
    expect(trouble).toEqual([]);
    await context.close();
  });

  test.each(['//evil.example', '/\\evil.example', '/\t/evil.example', '/console//evil.example'])(
    'leads to no other site (%j)',
    async (next) => {
      const { page, context } = await openScreen(
        browser,
        server,
        undefined,
        `/sign-in?next=${encodeURIComponent(next)}`,
      );
      await signInOn(page, person);
      await page.getByRole('heading').first().waitFor();
      expect(new URL(page.url()).origin).toBe(server.url);
      await context.close();
    },
  );

  test('speaks the browser’s language, and the one that was chosen', async () => {
    const { page, context } = await openScreen(browser, server, undefined, '/', { locale: 'fr-FR' });
    await page.getByRole('heading', { name: 'Connexion' }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('fr');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await context.close();
  });

  test('tells what happened in the reader’s language, as it happens and in the list', async () => {
    const reader = await server.person({ roles: ['manager'] });
    const screens = {
      en: await openScreen(browser, server, reader, '/'),
      fr: await openScreen(browser, server, reader, '/', { locale: 'fr-FR' }),
    };
    for (const { page } of Object.values(screens)) await page.getByRole('heading', { level: 1 }).waitFor();
    const followers = async (): Promise<any[]> =>
      (await server.graphql('{ openSubscriptions { operation user { id } } }', {}, server.admin.token)).data
        .openSubscriptions;
    await expect
      .poll(
        async () =>
          (await followers()).filter(
            ({ operation, user }) => operation === 'LiveNotifications' && user.id === String(reader.id),
          ),
        { timeout: 30_000 },
      )
      .toHaveLength(2);
    const changes = { version: 1, fields: [] };
    const origin = { viewer: { userId: server.admin.id }, requestId: 'test', ip: undefined };
    await server.sql(
      `insert into notifications (user_id, type, priority, title, message, event_position)
       values (?, 'system', 'low', 'Bienvenue', 'Il y a longtemps', 0)`,
      [reader.id],
    );
    await server.db.client.transaction(async (tx) => {
      await emit(tx, origin, 'appointment.created', ['Appointment', 1], {
        clientId: '1',
        interventionId: null,
        technicianUserId: reader.id,
        createdById: null,
        ...changes,
        startsAtLocal: '2026-03-30T09:00',
      });
      await emit(tx, origin, 'approval.submitted', ['Document', 1], {
        ownerId: 1,
        title: 'Facture EDF',
        submittedById: null,
        level: 1,
        amount: null,
        currency: null,
        comment: null,
        deciderIds: [reader.id],
      });
      await emit(tx, origin, 'alert.raised', ['Alert', 1], {
        kind: 'failure_rate',
        subjectKind: 'server',
        subjectName: '',
        adminIds: [reader.id],
        webhookName: null,
        value: 12.3,
        threshold: 5,
        requestCount: 1200,
      });
    });
    const by = server.admin.username;
    const expected = {
      en: [
        `New appointment|An appointment was given to you by ${by} (30 March 2026 at 09:00)`,
        `Document to approve|Facture EDF was submitted by ${by}`,
        'High error rate|The whole server: 12.3% of the last 1,200 requests failed (threshold: 5%)',
      ],
      fr: [
        `Nouveau rendez-vous|Un rendez-vous vous a été attribué par ${by} (30 mars 2026 à 09:00)`,
        `Document à valider|Facture EDF soumise par ${by}`,
        "Taux d'erreur élevé|Le serveur entier : 12,3 % des 1200 dernières requêtes ont échoué (seuil : 5 %)",
      ],
    };
    // A toast goes after some seconds.
    const toasts = (language: 'en' | 'fr') =>
      expected[language].map((line) => screens[language].page.getByRole('alertdialog').getByText(line.split('|')[0]!));
    await Promise.all([...toasts('en'), ...toasts('fr')].map((toast) => toast.waitFor()));
    for (const language of ['en', 'fr'] as const) {
      const { page, context, trouble } = screens[language];
      await page.getByRole('button', { name: /^4 / }).click();
      const list = page.getByRole('dialog').getByRole('listitem');
      for (const line of expected[language]) {
        const item = list.filter({ hasText: line.split('|')[1]! });
        await item.waitFor();
        expect(await item.locator(`[lang=${language}]`).allTextContents()).toEqual(line.split('|'));
      }
      // What was made before has French words only.
      await list.filter({ hasText: 'Bienvenue' }).locator('strong[lang=fr]').waitFor();
      expect(trouble).toEqual([]);
      await context.close();
    }
  });

  test('an ended session asks again over the page, which stays as it is', async () => {
    const { page, context, trouble } = await openScreen(browser, server, person, '/');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.evaluate('window.stillHere = true');
    clock += 2 * 3_600_000;
    // The server closes the socket of a session that has ended, or the next request tells.
    await page.evaluate(`window.dispatchEvent(new Event('visibilitychange'))`);
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.waitFor();
    await dialog.getByLabel(/^Password/).fill(person.password);
    await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.evaluate('window.stillHere')).toBe(true);
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('whatever a page needs before its own part comes in less than 200 kB, also when nothing is kept yet', async () => {
    const signedIn = await openScreen(browser, server, person, '/');
    const state = await signedIn.context.storageState();
    await signedIn.context.close();
    const context = await browser.newContext({ storageState: state, locale: 'en-GB', baseURL: server.url });
    const page = await context.newPage();
    const sizes: Promise<{ name: string; bytes: number }>[] = [];
    page.on('requestfinished', (request) => {
      const { pathname } = new URL(request.url());
      if (!pathname.startsWith('/console/')) return;
      const sizeOf = async () => (await request.sizes()).responseBodySize;
      sizes.push(sizeOf().then((bytes) => ({ name: pathname, bytes })));
    });
    await page.goto('/console/');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
    const shell = (await Promise.all(sizes)).filter(({ name }) => !name.includes('/overview-page-'));
    expect(shell.map(({ name }) => name)).toContainEqual(expect.stringContaining('/frame-'));
    const bytes = shell.reduce((sum, each) => sum + each.bytes, 0);
    expect(bytes, shell.map(({ name, bytes }) => `${bytes} ${name}`).join('\n')).toBeLessThan(200_000);
    await context.close();
  });

  test('what the frame opens is loaded then, and the keyboard comes back to where it was', async () => {
    const { page, context, trouble } = await openScreen(browser, server, person, '/');
    await page.getByRole('heading', { level: 1 }).waitFor();
    const account = page.getByRole('banner').getByRole('button').last();
    for (const [key, entry] of [
      ['Enter', 'My account'],
      ['ArrowUp', 'Sign out'],
    ] as const) {
      await account.focus();
      await page.keyboard.press(key);
      await vi.waitFor(async () =>
        expect(await page.evaluate('document.activeElement.textContent')).toMatch(new RegExp(entry)),
      );
      expect(await account.getAttribute('aria-expanded')).toBe('true');
      await page.keyboard.press('Escape');
      await page.getByRole('menu').waitFor({ state: 'detached' });
      expect(await page.evaluate(`document.activeElement.getAttribute('aria-haspopup')`)).toBe('menu');
    }
    await account.click();
    await page.getByRole('menuitem', { name: 'My account' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    const bell = page.getByRole('banner').getByRole('button', { name: 'Notifications' });
    await bell.click();
    await page.getByRole('dialog', { name: 'Notifications' }).waitFor();
    expect(await barriersInBothThemes(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate(`document.activeElement.getAttribute('aria-haspopup')`)).toBe('dialog');
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('what the frame cannot load is said, and the page stays', async () => {
    const { page, context } = await openScreen(browser, server, person, '/');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.route(/\/console\/assets\/dialog-.*\.js$/, (route) => route.abort());
    const bell = page.getByRole('banner').getByRole('button', { name: 'Notifications' });
    await bell.click();
    await page.getByRole('alertdialog').getByText('does not answer').waitFor();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.unrouteAll();
    await bell.click();
    await page.getByRole('dialog', { name: 'Notifications' }).waitFor();
    await context.close();
  });

  test('signing out ends the session on the server', async () => {
    const { page, context } = await openScreen(browser, server, person, '/');
    const [cookie] = (await context.cookies()).filter(({ name }) => name === 'kdocs_session');
    await page.getByRole('banner').getByRole('button').last().click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL(/\/sign-in/);
    const { status } = await server.request('GET', '/kdocs/api/documents', {
      headers: { cookie: `kdocs_session=${cookie?.value}` },
    });
    expect(status).toBe(401);
    expect((await context.cookies()).map(({ name }) => name)).not.toContain('kdocs_session');
    await context.close();
  });
});
