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
