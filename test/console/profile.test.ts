import { generate } from 'otplib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { barriersInBothThemes, hasBrowser, launchBrowser, openScreen, signInOn } from '../support/console.js';
import { freePort } from '../support/free-port.js';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

describe.runIf(hasBrowser)('one’s own side of the console', () => {
  let server: TestServer;
  let browser: Browser;
  /** The server as browsers name it: passkeys are no business of an IP address. */
  let site: TestServer;
  let clock = Date.now();
  beforeAll(async () => {
    const port = await freePort();
    const url = `http://localhost:${port}`;
    server = await startTestServer({
      env: { PORT: String(port), PUBLIC_URL: url },
      now: () => new Date(clock),
    });
    site = { ...server, url };
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const ask = async (person: Person, query: string): Promise<any> =>
    (await server.graphql(query, {}, person.token)).data;
  const signOutOn = async (page: Page): Promise<void> => {
    await page.getByRole('banner').getByRole('button').last().click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL(/\/sign-in/);
  };

  test('changes the profile and what comes by mail', async () => {
    const person = await server.person({ roles: ['manager'] });
    const { page, context, trouble } = await openScreen(browser, site, person, '/profile');
    await page.getByLabel('First name').fill('Zoé');
    await page.getByLabel('City').fill('Lyon');
    await page.getByRole('combobox', { name: 'Time zone' }).fill('Noumea');
    await page.getByRole('option', { name: 'Pacific/Noumea' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(() => ask(person, '{ viewer { firstName city timeZone } }'))
      .toEqual({ viewer: { firstName: 'Zoé', city: 'Lyon', timeZone: 'Pacific/Noumea' } });
    // What is saved is shown anew once the answer has come.
    await page.getByText('Saved', { exact: true }).first().waitFor();
    await page.getByLabel('City').fill('Grenoble');
    await ask(person, `mutation { updateUser(input: { id: ${person.id}, city: "Annecy" }) { user { id } } }`);
    await page.getByRole('button', { name: 'Save' }).click();
    const stale = page.getByRole('alertdialog', { name: 'Somebody else saved meanwhile' });
    await stale.getByRole('cell', { name: 'Annecy' }).waitFor();
    await stale.getByRole('cell', { name: 'Grenoble' }).waitFor();
    await stale.getByRole('button', { name: 'Keep theirs' }).click();
    await expect.poll(() => page.getByLabel('City').inputValue(), { timeout: 20_000 }).toBe('Annecy');
    await page.getByLabel('E-mail').fill('nobody');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => page.getByLabel('E-mail').getAttribute('aria-invalid')).toBe('true');
    await page.getByRole('tab', { name: 'Notifications' }).click();
    await page.getByText('An invoice is overdue').click();
    const preferences = async (): Promise<boolean> =>
      (await ask(person, '{ notificationPreferences { type byMail } }')).notificationPreferences.find(
        ({ type }: { type: string }) => type === 'INVOICE_OVERDUE',
      ).byMail;
    await expect.poll(preferences).toBe(false);
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('what is changed on another device is seen here, by people without any right', async () => {
    const person = await server.person();
    const { page, context, trouble } = await openScreen(browser, site, person, '/profile');
    const change = (mutation: string): Promise<any> => ask(person, `mutation { ${mutation} { __typename } }`);
    await page.getByLabel('City').waitFor();
    await change(`updateUser(input: { id: ${person.id}, city: "Annecy" })`);
    await expect.poll(() => page.getByLabel('City').inputValue(), { timeout: 20_000 }).toBe('Annecy');
    await page.getByRole('tab', { name: 'Notifications' }).click();
    const mails = page.getByRole('switch', { name: 'An invoice is overdue' });
    const before = await mails.isChecked();
    await change(`updateNotificationPreference(input: { type: INVOICE_OVERDUE, byMail: ${!before} })`);
    await expect.poll(() => mails.isChecked(), { timeout: 20_000 }).toBe(!before);
    await page.getByRole('tab', { name: 'API keys' }).click();
    await page.getByRole('button', { name: 'Make a token' }).waitFor();
    await change('createApiToken(input: { name: "Sauvegarde" })');
    // Nothing of tokens is asked again by the clock.
    await page.getByRole('listitem').filter({ hasText: 'Sauvegarde' }).waitFor();
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('changes the password by its rules, and ends the other sessions: their screens ask again', async () => {
    const person = await server.person();
    const one = await openScreen(browser, site, person, '/profile?tab=security');
    const other = await openScreen(browser, site, person, '/profile');
    const { page } = one;
    const fill = async (wanted: string): Promise<void> => {
      await page.getByLabel('Present password').fill(person.password);
      await page.getByLabel('New password', { exact: false }).first().fill(wanted);
      await page.getByLabel('New password once more').fill(wanted);
    };
    await fill('weakweak');
    expect(await page.getByRole('listitem').filter({ hasText: 'a digit' }).textContent()).toContain('missing');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page
      .getByText(/upper-case/)
      .last()
      .waitFor();
    await fill('Autre-Secret-9');
    server.secrets.rememberPassword('Autre-Secret-9');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('Your other sessions have ended').waitFor();
    await other.page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    await other.page
      .getByRole('dialog')
      .getByLabel(/^Password/)
      .fill('Autre-Secret-9');
    await other.page.getByRole('dialog').getByRole('button', { name: 'Sign in', exact: true }).click();
    await other.page.getByRole('dialog').waitFor({ state: 'detached' });
    // And one by one, in the list of the first.
    await page.getByRole('tab', { name: 'Sessions' }).click();
    await page.getByText('This one').waitFor();
    await page.getByRole('button', { name: 'End', exact: true }).first().click();
    await other.page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    await Promise.all([one.context.close(), other.context.close()]);
  });

  test('sets up a second factor that signing in then asks for, with recovery codes that are shown once', async () => {
    const person = await server.person();
    const { page, context, trouble } = await openScreen(browser, site, person, '/profile?tab=security');
    await page.getByRole('button', { name: 'Set up' }).click();
    const dialog = page.getByRole('dialog', { name: 'Set up the second factor' });
    await dialog.getByRole('img', { name: /QR code/ }).waitFor();
    expect(await barriersInBothThemes(page)).toEqual([]);
    const secret = (await dialog.locator('code').textContent()) ?? '';
    server.secrets.remember(secret);
    const code = (): Promise<string> => generate({ secret, epoch: Math.floor(clock / 1000) });
    await dialog.getByLabel(/^Code that the app/).fill('000000');
    await dialog.getByRole('button', { name: 'Turn on' }).click();
    await expect.poll(() => dialog.getByLabel(/^Code that the app/).getAttribute('aria-invalid')).toBe('true');
    await dialog.getByLabel(/^Code that the app/).fill(await code());
    await dialog.getByRole('button', { name: 'Turn on' }).click();
    const codes = page.getByRole('dialog', { name: 'Recovery codes' });
    await codes.waitFor();
    const shown = await codes.getByRole('listitem').allTextContents();
    expect(shown).toHaveLength(10);
    for (const each of shown) server.secrets.remember(each);
    const download = page.waitForEvent('download');
    await codes.getByRole('button', { name: 'Download' }).click();
    expect((await download).suggestedFilename()).toBe('passerelle-codes.txt');
    await codes.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByText('Recovery codes left').waitFor();
    clock += 60_000;
    await signOutOn(page);
    await page.getByLabel(/^User name/).fill(person.email);
    await page.getByLabel(/^Password/).fill(person.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByLabel(/^Code of the second factor/).fill(await code());
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL((url) => !url.pathname.endsWith('/sign-in'));
    await page.goto('/console/profile?tab=security');
    await page.getByRole('button', { name: 'Turn off' }).click();
    const proof = page.getByRole('dialog', { name: 'Turn the second factor off' });
    await proof.getByLabel(/^Password/).fill('wrong');
    await proof.getByRole('button', { name: 'Turn off' }).click();
    await expect.poll(() => proof.locator('[aria-invalid=true], [role=alert]').count()).toBeGreaterThan(0);
    await proof.getByLabel(/^Password/).fill(person.password);
    await proof.getByRole('button', { name: 'Turn off' }).click();
    await page.getByRole('button', { name: 'Set up' }).waitFor();
    expect(await ask(person, '{ viewer { secondFactor { enabledAt } } }')).toEqual({ viewer: { secondFactor: null } });
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('makes a passkey, by which one then signs in', async () => {
    const person = await server.person();
    const { page, context, trouble } = await openScreen(browser, site, person, '/profile?tab=security');
    const devtools = await context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a passkey' });
    await dialog.getByLabel(/^Name of the device/).fill('Pocket key');
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('listitem').filter({ hasText: 'Pocket key' }).waitFor();
    expect(await ask(person, '{ viewer { passkeys { name } } }')).toEqual({
      viewer: { passkeys: [{ name: 'Pocket key' }] },
    });
    await signOutOn(page);
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.waitForURL((url) => !url.pathname.endsWith('/sign-in'));
    await page.goto('/console/profile?tab=security');
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No passkeys yet').waitFor();
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('makes an API key that is shown once, counts what it is used for, and can be switched off', async () => {
    const person = await server.person({ roles: ['admin'] });
    const { page, context, trouble } = await openScreen(browser, site, person, '/profile?tab=keys');
    await page.getByRole('button', { name: 'Make a key' }).click();
    const form = page.getByRole('dialog', { name: 'Make a key' });
    await form.getByLabel(/^Name/).fill('Accounting');
    await form.getByLabel(/^Requests a day/).fill('50');
    await form.getByRole('button', { name: 'Make it' }).click();
    const once = page.getByRole('dialog', { name: 'The key’s secret' });
    const secret = (await once.locator('[data-secret]').textContent()) ?? '';
    expect(secret).toMatch(/^sk_/);
    server.secrets.remember(secret);
    await once.getByRole('button', { name: 'I have kept it' }).click();
    const use = async (): Promise<number> =>
      (await server.request('GET', '/v1/users/me', { headers: { 'x-api-key': secret } })).status;
    expect(await use()).toBe(200);
    const row = page.getByRole('row').filter({ hasText: 'Accounting' });
    // Counted a few seconds late, and asked again by itself.
    await row.getByRole('gridcell', { name: '1', exact: true }).waitFor({ timeout: 60_000 });
    await row.click();
    const dialog = page.getByRole('dialog', { name: 'Accounting' });
    await dialog.getByText(/of the daily limit/).waitFor();
    expect(await barriersInBothThemes(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Switch off' }).click();
    await dialog.getByText('Switched off').waitFor();
    expect(await use()).toBe(401);
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('is opened by a session of K-Docs, exports what is kept of one, and erases it against a proof', async () => {
    const person = await server.person();
    const { page, context, trouble } = await openScreen(browser, site, undefined, '/sign-in');
    const { username, password } = person;
    expect((await context.request.post('/kdocs/login', { data: { username, password } })).status()).toBe(200);
    await page.goto('/console/profile?tab=data');
    await page.getByRole('button', { name: 'Prepare the archive' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download' }).click();
    expect((await download).suggestedFilename()).toMatch(/\.zip$/);
    await page.getByText(/^I want to erase/).click();
    await page.getByRole('button', { name: 'Erase my account' }).click();
    const proof = page.getByRole('dialog', { name: 'Erase my account' });
    await proof.getByLabel(/^Password/).fill(password);
    await proof.getByRole('button', { name: 'Erase my account' }).click();
    await page.getByRole('dialog', { name: 'Your account is erased' }).getByRole('button', { name: 'Leave' }).click();
    await page.waitForURL(/\/sign-in/);
    expect(await server.sql('select erased_at is not null as erased from users where id = ?', [person.id])).toEqual([
      { erased: true },
    ]);
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('speaks French', async () => {
    const person = await server.person();
    const { page, context } = await openScreen(browser, site, undefined, '/profile?tab=security', { locale: 'fr-FR' });
    await signInOn(page, person);
    await page.getByRole('heading', { name: 'Mot de passe' }).waitFor();
    await page.getByRole('button', { name: 'Ajouter une clé d’accès' }).waitFor();
    await context.close();
  });
});
