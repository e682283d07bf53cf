import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
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
