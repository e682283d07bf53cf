import { describe, expect, test, vi } from 'vitest';
import { consoleStage } from '../support/console-stage.js';
import { barriersInBothThemes, hasBrowser, openScreen } from '../support/console.js';

vi.setConfig({ testTimeout: 120_000 });

describe.runIf(hasBrowser)('the console in trouble', () => {
  const stage = consoleStage({ roles: ['manager'] });
  const { open } = stage;
  /** Files a document as the person, from elsewhere. */
  const file = async (title: string): Promise<void> => {
    const form = new FormData();
    form.append('file', new File([`text of ${title}`], `${title}.txt`, { type: 'text/plain' }));
    const { status } = await stage.server.request('POST', '/kdocs/api/documents/upload', {
      body: form,
      token: stage.person.token,
    });
    expect(status).toBe(201);
  };

  test('says that the server cannot be reached, and comes up to date when it can', async () => {
    const { page, context, trouble } = await open('/');
    await page.getByText('No document has been filed yet.').waitFor();
    await context.setOffline(true);
    await page.getByRole('button', { name: /otification/ }).click();
    await page.getByText(/server cannot be reached/).waitFor();
    await page.keyboard.press('Escape');
    await file('Meanwhile');
    await context.setOffline(false);
    await page.getByRole('link', { name: /Meanwhile/ }).waitFor();
    await page.getByText(/server cannot be reached/).waitFor({ state: 'detached' });
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('hears what happened while its socket was lost', async () => {
    const context = await stage.browser.newContext({ baseURL: stage.server.url, locale: 'en-GB' });
    const page = await context.newPage();
    const sockets: { close: () => unknown }[] = [];
    await page.routeWebSocket(/\/graphql/, (socket) => {
      socket.connectToServer();
      sockets.push({ close: () => socket.close({ code: 1012 }) });
    });
    await page.goto('/console/');
    await page.getByLabel(/^User name/).fill(stage.person.email);
    await page.getByLabel(/^Password/).fill(stage.person.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await vi.waitUntil(() => sockets.length > 0, { timeout: 20_000 });
    for (const { close } of sockets.splice(0)) close();
    await file('Unheard');
    await page.getByRole('link', { name: /Unheard/ }).waitFor();
    await vi.waitUntil(() => sockets.length > 0, { timeout: 20_000 });
    await context.close();
  });

  test('tells a page that there is not, and one that one may not see', async () => {
    const nobody = await stage.server.person({ roles: ['user'] });
    const { page, context, trouble } = await openScreen(stage.browser, stage.server, nobody, '/');
    await page.goto('/console/nowhere');
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    expect(await barriersInBothThemes(page)).toEqual([]);
    await page.goto('/console/people');
    await page.getByText('You may not see this').first().waitFor();
    expect(trouble).toEqual([]);
    await context.close();
  });
});
