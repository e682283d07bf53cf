import { existsSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { generate } from 'otplib';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { faintTexts } from '../support/contrast.js';
import { freePort } from '../support/free-port.js';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';

vi.setConfig({ testTimeout: 120_000 });

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const shots = process.env['SCREENSHOTS'];

/** On a machine without Chromium these are not defined; the gate installs it, and insists. */
if (process.env['CI'] || executablePath) {
  let server: TestServer;
  let browser: Browser;
  let person: Person;
  beforeAll(async () => {
    server = await startTestServer({ env: { PLUGIN_SOURCES: resolve('examples/plugins') } });
    person = await server.person({ roles: ['manager'] });
    browser = await chromium.launch({
      executablePath: executablePath ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    if (shots) mkdirSync(shots, { recursive: true });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  /**
   * Opens a page and collects what must not happen: a foreign host, a broken policy, a script error, a refusal unless
   * the test provokes one.
   */
  async function open(
    path: string,
    { width = 1280, colorScheme = 'light' as 'light' | 'dark', isRefused = false, locale = 'en-GB' } = {},
  ): Promise<{ page: Page; trouble: string[] }> {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme, locale });
    // Redoc draws the whole of a contract at once: on a busy machine that takes a while.
    page.setDefaultTimeout(90_000);
    const trouble: string[] = [];
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (!['data:', 'blob:'].includes(protocol) && origin !== server.url) trouble.push(`foreign: ${request.url()}`);
    });
    page.on('pageerror', (error) => trouble.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !(isRefused && /status of 401/.test(message.text())))
        trouble.push(message.text());
    });
    await page.goto(`${server.url}${path}`, { waitUntil: 'load' });
    return { page, trouble };
  }

  const shoot = async (page: Page, name: string): Promise<void> => {
    if (shots) await page.screenshot({ path: `${shots}/${name}.png` });
  };

  test('the home page leads to everything', async () => {
    const { page, trouble } = await open('/');
    const links = await page.$$eval('a', (all) => all.map((a) => a.getAttribute('href')));
    expect(links).toEqual(expect.arrayContaining(['/graphql', '/kdocs/login', '/console/']));
    await shoot(page, 'home');
    expect(trouble).toEqual([]);
  });

  async function signInToExplorer(page: Page): Promise<void> {
    await page
      .getByRole('button', { name: /sign in/i })
      .first()
      .click();
    await page.getByLabel('User name or e-mail').fill(person.username);
    await page.getByLabel('Password').fill(person.password);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
  }

  test('the explorer says what signing in gives, signs in and runs a query', async () => {
    const { page, trouble } = await open('/graphql');
    await page.getByRole('note').getByText('Sign in to read the schema').waitFor();
    await shoot(page, 'graphiql-signed-out');
    await signInToExplorer(page);
    expect(await page.getByRole('note').count()).toBe(0);
    await page.locator('.graphiql-execute-button').click();
    await page.locator('.result-window', { hasText: 'data' }).waitFor();
    await shoot(page, 'graphiql');
    expect(trouble).toEqual([]);
  });

  test('the explorer, the reference and the forms to try it speak French to who reads French', async () => {
    const french = { locale: 'fr-FR', isRefused: true };
    const explorer = await open('/graphql', french);
    await explorer.page.getByText('Connectez-vous pour lire le schéma').waitFor();
    await explorer.page.getByRole('button', { name: 'Se connecter' }).first().click();
    await explorer.page.getByLabel('Identifiant ou e-mail').fill(person.username);
    await explorer.page.getByLabel('Mot de passe').fill('wrong');
    await explorer.page.keyboard.press('Enter');
    await explorer.page.getByText('Identifiant ou mot de passe incorrect.').waitFor();
    await explorer.page.getByLabel('Mot de passe').fill(person.password);
    await explorer.page.keyboard.press('Enter');
    await explorer.page.getByRole('button', { name: 'Se déconnecter' }).waitFor();
    await explorer.page.getByLabel('Exemples de requêtes').selectOption({ label: 'En direct 1 : suivre les factures' });
    await explorer.page.getByRole('tab', { name: 'InvoiceEvents' }).waitFor();
    await explorer.page.getByRole('button', { name: 'Exécuter' }).waitFor();
    await shoot(explorer.page, 'graphiql-french');

    const reference = await open('/core-docs?api=archidrive', french);
    await reference.page.locator('#reference[aria-busy=false]').waitFor();
    await reference.page.getByPlaceholder('Rechercher…').waitFor();
    await reference.page.getByRole('heading', { name: 'Exemples de requête' }).first().waitFor();
    expect(await reference.page.locator('[lang=fr]', { hasText: /^Réponses$/ }).count()).toBeGreaterThan(0);
    expect(await reference.page.getByText('Response samples', { exact: true }).count()).toBe(0);
    await shoot(reference.page, 'redoc-french');

    const trying = await open('/core-docs?api=kdocs&view=try', french);
    const operation = trying.page.locator('.opblock', { hasText: '/documents/{id}' }).first();
    await operation.locator('.opblock-summary').click();
    await operation.getByRole('button', { name: 'Exécuter' }).waitFor();
    await shoot(trying.page, 'try-french');
    // The longer words leave room on a phone.
    for (const { page } of [explorer, reference, trying]) {
      await page.setViewportSize({ width: 390, height: 800 });
      await expect.poll(() => page.evaluate(() => (globalThis as any).document.documentElement.scrollWidth)).toBe(390);
    }
    await shoot(explorer.page, 'graphiql-french-phone');
    expect([...explorer.trouble, ...reference.trouble, ...trying.trouble]).toEqual([]);
  });

  test("the explorer's example of a subscription hears of what the one beside it makes", async () => {
    const { page, trouble } = await open('/graphql');
    await signInToExplorer(page);
    const examples = page.getByLabel('Example queries');
    await examples.selectOption({ label: 'Live 1: hear of invoices' });
    // The explorer takes up what it runs a moment after the text, and then names the tab by it.
    await page.getByRole('tab', { name: 'InvoiceEvents' }).waitFor();
    await page.locator('.graphiql-execute-button').click();
    const [beside] = await Promise.all([
      page.waitForEvent('popup'),
      examples.selectOption({ label: 'Live 2: make an invoice, in a window beside' }),
    ]);
    beside.setDefaultTimeout(90_000);
    await beside.getByRole('button', { name: 'Sign out' }).waitFor();
    await beside.getByRole('tab', { name: 'MakeInvoice' }).waitFor();
    // The first one may be made before the other window listens.
    await expect
      .poll(
        async () => {
          await beside.locator('.graphiql-execute-button').click();
          await beside.locator('.result-window', { hasText: 'DRAFT' }).waitFor();
          return page.locator('.result-window').textContent();
        },
        { timeout: 60_000, interval: 2000 },
      )
      .toContain('INVOICE_CREATED');
    await shoot(page, 'graphiql-live');
    expect(trouble).toEqual([]);
  });

  test('on a phone the explorer shows the answer below the query', async () => {
    const { page, trouble } = await open('/graphql', { width: 390 });
    await page.locator('.graphiql-execute-button').waitFor();
    await shoot(page, 'graphiql-phone');
    const boxOf = async (part: string) =>
      (await page.locator(part).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const [query, answer] = [await boxOf('.graphiql-editors'), await boxOf('.graphiql-response')];
    expect(query.width).toBeGreaterThan(340);
    expect(answer.width).toBeGreaterThan(340);
    expect(answer.y).toBeGreaterThanOrEqual(query.y + query.height);
    expect(answer.height).toBeGreaterThan(150);
    expect(trouble).toEqual([]);
  });

  test('Redoc shows the contract that was chosen, and the GraphQL of each route with its fragments', async () => {
    const { page, trouble } = await open('/core-docs?api=kdocs');
    await page.getByText('/documents/{id}').first().waitFor();
    const graphql = page.locator('details', { hasText: 'query KdocsReadDocument(' });
    expect(await graphql.textContent()).toMatch(
      /fragment KdocsDocumentDetail on Document .*fragment KdocsDocument on/s,
    );
    await shoot(page, 'redoc');
    expect(trouble).toEqual([]);
  });

  test.each(['archidrive', 'xcore', 'smartleakpro', 'budget', 'kdocs'])(
    'the reference of %s is easy to read in both schemes, has a command for each operation, and its links lead somewhere',
    async (api) => {
      const { page, trouble } = await open(`/core-docs?api=${api}`);
      await page.locator('#reference[aria-busy=false]').waitFor();
      expect(await faintTexts(page)).toEqual([]);
      await shoot(page, `redoc-${api}-light`);
      // The page draws itself again then.
      await Promise.all([page.waitForEvent('load'), page.emulateMedia({ colorScheme: 'dark' })]);
      await page.locator('#reference[aria-busy=false]').waitFor();
      expect(await faintTexts(page)).toEqual([]);
      await shoot(page, `redoc-${api}-dark`);
      const { json } = await server.request('GET', `/core-docs/${api}.json`);
      const operations = Object.values<object>(json.paths).flatMap((path) => Object.keys(path));
      expect(await page.getByRole('tab', { name: 'curl' }).count()).toBe(operations.length);
      const links = await page.$$eval('a[href]:not(.redoc-json a)', (all) =>
        all.map((a) => (a as unknown as { href: string }).href),
      );
      const pages = new Set(links.filter((link) => !/^[^#]*#(tag|section|operation)/.test(link)));
      // Beside what samples have as their values, the credit is the only link that leads elsewhere.
      pages.delete('https://redocly.com/redoc/');
      for (const link of pages) {
        const address = link.replace('http://127.0.0.1:0/', `${server.url}/`);
        expect([link, (await fetch(address, { headers: { accept: 'text/html' } })).status]).toEqual([link, 200]);
      }
      expect(trouble).toEqual([]);
    },
  );

  test('an API is tried as whoever is signed in', async () => {
    const { page, trouble } = await open('/core-docs?api=archidrive&view=try');
    await page.evaluate((token) => sessionStorage.setItem('passerelle.accessToken', token), server.admin.token);
    const operation = page.locator('.opblock', { hasText: '/users/me' }).first();
    await operation.locator('.opblock-summary').click();
    await operation.getByRole('button', { name: 'Execute' }).click();
    const answer = operation.locator('.live-responses-table .response');
    await answer.waitFor();
    expect(await answer.textContent()).toMatch(/^200/);
    expect(await answer.textContent()).toContain(server.admin.email);
    await shoot(page, 'try');
    // Its buttons change their colours slowly.
    await page.addStyleTag({ content: '* { transition: none !important; animation: none !important }' });
    await page.mouse.move(0, 0);
    const light = await faintTexts(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('html.dark-mode').waitFor();
    await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
    await shoot(page, 'try-dark');
    expect([...light, ...(await faintTexts(page))]).toEqual([]);
    expect(trouble).toEqual([]);
  });

  test('the K-Docs login signs in, and says no to a wrong password', async () => {
    const { page, trouble } = await open('/kdocs/login?next=/core-docs', { isRefused: true });
    await shoot(page, 'login');
    await page.fill('[name=username]', person.username);
    await page.fill('[name=password]', 'wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await page.fill('[name=password]', person.password);
    await Promise.all([page.waitForURL('**/core-docs**'), page.keyboard.press('Enter')]);
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ name: 'kdocs_session', httpOnly: true, sameSite: 'Lax' });
    expect(trouble).toEqual([]);
  });

  test('a client answers to a visit on a phone without scripts', async () => {
    const api = async (path: string, json: object): Promise<any> =>
      (await server.request('POST', `/api${path}`, { token: person.token, json })).json;
    const { id: client_id } = await api('/clients', { nom: 'Hélène Dupont', adresse: '12, rue de la République' });
    const { id } = await api('/planning', {
      client_id,
      date_heure_debut: '2199-01-08T09:00:00Z',
      date_heure_fin: '2199-01-08T10:00:00Z',
    });
    const { url } = await api(`/planning/${id}/customer-link`, {});
    const phone = await browser.newContext({
      javaScriptEnabled: false,
      locale: 'fr-FR',
      viewport: { width: 390, height: 844 },
    });
    const page = await phone.newPage();
    await page.goto(`${server.url}${new URL(url).pathname}`);
    await page.getByRole('heading', { name: 'Votre rendez-vous' }).waitFor();
    await shoot(page, 'visit');
    await page.getByText('Demander un autre horaire').click();
    await page.getByLabel('Horaire souhaité').fill('2199-01-09T14:00');
    await page.getByLabel('Message').fill('Plutôt l’après-midi');
    await page.getByRole('button', { name: 'Envoyer ma demande' }).click();
    expect(await page.getByRole('status').textContent()).toContain('transmise');
    await shoot(page, 'visit-asked');
    await page.getByRole('button', { name: 'Confirmer' }).click();
    expect(await page.getByRole('status').textContent()).toContain('confirmé');
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByText('Ajouter à mon agenda').click()]);
    expect(file.suggestedFilename()).toBe('rendez-vous.ics');
    await phone.close();
  });

  test('the K-Docs login and the explorer ask who has a second factor for the code', async () => {
    const guarded = await server.person();
    const ask = (query: string) => server.graphql(query, {}, guarded.token);
    const { secret } = (await ask('mutation { setUpSecondFactor { secret } }')).data.setUpSecondFactor;
    const confirmed = await ask(
      `mutation { confirmSecondFactor(input: { code: "${await generate({ secret })}" }) { recoveryCodes } }`,
    );
    const [first, second] = confirmed.data.confirmSecondFactor.recoveryCodes;

    const login = await open('/kdocs/login?next=/core-docs', { isRefused: true });
    await login.page.fill('[name=username]', guarded.username);
    await login.page.fill('[name=password]', guarded.password);
    await login.page.keyboard.press('Enter');
    await login.page.getByLabel('Code').fill(first);
    await shoot(login.page, 'login-code');
    await login.page.fill('[name=password]', guarded.password);
    await Promise.all([login.page.waitForURL('**/core-docs**'), login.page.keyboard.press('Enter')]);

    const explorer = await open('/graphql', { isRefused: true });
    await explorer.page
      .getByRole('button', { name: /sign in/i })
      .first()
      .click();
    await explorer.page.getByLabel('User name or e-mail').fill(guarded.username);
    await explorer.page.getByLabel('Password').fill(guarded.password);
    await explorer.page.keyboard.press('Enter');
    await explorer.page.getByLabel(/recovery code/).fill(second);
    await shoot(explorer.page, 'graphiql-code');
    await explorer.page.keyboard.press('Enter');
    await explorer.page.getByRole('button', { name: 'Sign out' }).waitFor();
    expect([...login.trouble, ...explorer.trouble]).toEqual([]);
  });

  test('a page registers a passkey and signs in by it, with and without a name', async () => {
    const port = await freePort();
    const home = `http://localhost:${port}`;
    const own = await startTestServer({ env: { PORT: String(port), PUBLIC_URL: home } });
    const page = await browser.newPage();
    try {
      const devtools = await page.context().newCDPSession(page);
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
      await page.goto(home);
      const answers = await page.evaluate(async () => {
        const { navigator, PublicKeyCredential } = globalThis as any;
        const post = async (path: string, body: object): Promise<any> => {
          const response = await fetch(`/api/v1/auth/${path}`, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify(body),
          });
          return { status: response.status, ...((await response.json()) as object) };
        };
        const registered = await post('register', { email: 'user@example.com', username: 'john_doe' });
        const creation = await post('webauthn/register/begin', { user_id: registered.id });
        const made = await navigator.credentials.create({
          publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(creation),
        });
        const added = await post('webauthn/register/complete', { credential: made.toJSON(), device_name: 'Chromium' });
        const signIn = async (body: object): Promise<any> => {
          const request = await post('webauthn/login/begin', body);
          const proof = await navigator.credentials.get({
            publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(request),
          });
          return post('webauthn/login/complete', { credential: proof.toJSON() });
        };
        return {
          registered,
          added,
          named: await signIn({ email: 'user@example.com' }),
          unnamed: await signIn({}),
          leftover: await post('webauthn/register/begin', { user_id: registered.id }),
        };
      });
      expect(answers.added).toEqual({ status: 201, success: true, message: 'Passkey enregistrée avec succès' });
      const user = { id: answers.registered.id, email: 'user@example.com', username: 'john_doe' };
      expect(answers.named).toMatchObject({ status: 200, access: expect.stringMatching(/^eyJ/), user });
      expect(answers.unnamed).toMatchObject({ status: 200, user });
      expect(answers.leftover.status).toBe(401);
    } finally {
      await page.close();
      await own.stop();
    }
  });

  test("a plugin's page works in its sandbox, and reaches nothing but by the page around it", async () => {
    const system = (path: string, json?: object) =>
      server.request('POST', `/system/plugins${path}`, { token: server.admin.token, ...(json && { json }) });
    await system('', { name: 'vehicle-fleet', source: resolve('examples/plugins/vehicle-fleet') });
    expect((await system('/vehicle-fleet/enable')).status).toBe(200);
    for (const [immatriculation, modele, kilometrage] of [
      ['AB-123-CD', 'Kangoo', 30_000],
      ['EF-456-GH', 'Zoe', 1_000],
    ])
      await server.request('POST', '/parc/v1/vehicules', {
        token: person.token,
        json: { immatriculation, modele, kilometrage },
      });

    const { page, trouble } = await open('/plugins/vehicle-fleet/fleet', { isRefused: true });
    await page.getByLabel('User name or e-mail').waitFor();
    await shoot(page, 'plugin-sign-in');
    await page.getByLabel('User name or e-mail').fill(person.username);
    await page.getByLabel('Password').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Password').fill(person.password);
    await page.keyboard.press('Enter');
    const plugin = page.frameLocator('iframe');
    const mileage = plugin.getByLabel('Kilométrage de AB-123-CD');
    await mileage.waitFor();
    await mileage.fill('29000');
    await mileage.press('Enter');
    await plugin.getByText('AB-123-CD : is 30000 or more').waitFor();
    await mileage.fill('51000');
    await mileage.press('Enter');
    await plugin.getByRole('row', { name: 'AB-123-CD' }).getByText('due').waitFor();
    await shoot(page, 'plugin-page');
    const { json } = await server.request('GET', '/parc/v1/vehicules', { token: person.token });
    expect(json.vehicules[0]).toMatchObject({ kilometrage: 51_000, revision_due: true });
    expect(trouble).toEqual([]);

    const frame = page.frames().find((each) => each.url().includes('/files/'));
    const held = await frame?.evaluate(async (url) => {
      const attempts: Record<string, () => unknown> = {
        fetch: () => fetch(`${url}/health/live`),
        own: () => fetch('fleet.js'),
        storage: () => (globalThis as any).localStorage,
        session: () => (globalThis as any).sessionStorage,
        cookie: () => (globalThis as any).document.cookie,
        parent: () => (globalThis as any).parent.document.title,
      };
      const outcomes: Record<string, string> = {};
      for (const [name, attempt] of Object.entries(attempts)) {
        try {
          await attempt();
          outcomes[name] = 'done';
        } catch {
          outcomes[name] = 'held';
        }
      }
      return outcomes;
    }, server.url);
    expect(held).toEqual({
      fetch: 'held',
      own: 'held',
      storage: 'held',
      session: 'held',
      cookie: 'held',
      parent: 'held',
    });
    await frame?.evaluate((url) => void ((globalThis as any).location = `${url}/health/live`), server.url);
    await expect.poll(() => trouble.some((line) => /frame-src|violates/.test(line))).toBe(true);
    expect(page.frames().map((each) => each.url())).not.toContain(`${server.url}/health/live`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('User name or e-mail').waitFor();
    expect(await page.locator('iframe').isHidden()).toBe(true);
  });
}
