import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { barriersInBothThemes, hasBrowser, launchBrowser, openScreen, type Screen } from '../support/console.js';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';
import { changePlugin, standInRuntime, type StandIn, writePlugin } from '../support/plugins.js';
import { type Receiver, startReceiver } from '../support/receiver.js';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

describe.runIf(hasBrowser)('operation in the console', () => {
  let server: TestServer;
  let browser: Browser;
  let receiver: Receiver;
  let admin: Screen;
  let plugins: StandIn;
  let sources: string;
  beforeAll(async () => {
    receiver = await startReceiver();
    sources = await mkdtemp(join(inject('folder'), 'plugins-'));
    server = await startTestServer({
      env: { WEBHOOK_ALLOW_PRIVATE: '127.0.0.0/8', PLUGIN_SOURCES: sources },
      plugins: false,
    });
    plugins = await standInRuntime(server);
    browser = await launchBrowser();
    admin = await openScreen(browser, server, server.admin, '/people');
  });
  afterAll(async () => {
    await admin?.context.close();
    await browser?.close();
    await plugins?.stop();
    await server?.stop();
    await receiver?.stop();
  });

  const ask = async (query: string, person: Person = server.admin): Promise<any> =>
    (await server.graphql(query, {}, person.token)).data;

  test('makes a person, gives a bounded role, tells why they may, and shuts them out at once', async () => {
    const { page } = admin;
    await page.goto('/console/people');
    await page.getByRole('button', { name: 'Add a person' }).click();
    const form = page.getByRole('dialog', { name: 'Add a person' });
    await form.getByLabel(/^First name/).fill('Inès');
    await form.getByLabel(/^Last name/).fill('Carpentier');
    await form.getByLabel(/^E-mail/).fill('ines@example.org');
    await form.getByLabel(/^First password/).fill('Motdepasse-1');
    await form.getByRole('button', { name: 'Add a person' }).click();
    await page.getByRole('heading', { level: 1, name: /Inès Carpentier/ }).waitFor();
    const [, id = ''] = /people\/(\d+)/.exec(page.url()) ?? [];
    const write = (field: string, text: string): Promise<unknown> =>
      ask(`mutation { updateUser(input: { id: ${id}, ${field}: "${text}" }) { user { id } } }`);
    await write('city', 'Annecy');
    await expect.poll(() => page.getByLabel('City').inputValue(), { timeout: 20_000 }).toBe('Annecy');
    await page.getByLabel('City').fill('Lyon');
    await write('city', 'Grenoble');
    await page.getByRole('button', { name: 'Save' }).click();
    const stale = page.getByRole('alertdialog', { name: 'Somebody else saved meanwhile' });
    await stale.getByRole('cell', { name: 'Grenoble' }).waitFor();
    await stale.getByRole('button', { name: 'Save mine' }).click();
    await stale.waitFor({ state: 'detached' });
    expect((await ask(`{ user(id: ${id}) { city } }`)).user).toEqual({ city: 'Lyon' });
    await page.getByRole('tab', { name: 'Roles' }).click();
    await page.getByRole('button', { name: 'Give a role' }).click();
    const giving = page.getByRole('dialog', { name: 'Give a role' });
    await giving.getByRole('button', { name: /Role/ }).click();
    await page.getByRole('option', { name: /^Validator, level 1/ }).click();
    await giving.getByLabel(/^Amount at most/).fill('500');
    await giving.getByRole('button', { name: 'Give a role' }).click();
    await page
      .getByRole('row')
      .filter({ hasText: 'Validator, level 1 VALIDATOR_L1' })
      .getByText(/up to €500/)
      .waitFor();
    expect(
      (await ask(`{ user(id: ${id}) { roleAssignments { role { name } maxAmount } } }`)).user.roleAssignments,
    ).toContainEqual({ role: { name: 'VALIDATOR_L1' }, maxAmount: 500 });

    await page.getByRole('tab', { name: 'Why may they?' }).click();
    await page.getByRole('combobox', { name: 'Permission' }).fill('documents:read');
    await page.getByRole('option', { name: /^documents:read/ }).click();
    await page.getByText(/documents:read: yes, by 1 role/).waitFor();
    await page.getByRole('row').filter({ hasText: 'Validator, level 1 VALIDATOR_L1' }).waitFor();
    await page.goto(`/console/people/${id}?tab=why&permission=users:write`);
    await page.getByText('users:write: no role of theirs allows it.').waitFor();

    const theirs = await openScreen(browser, server, { email: 'ines@example.org', password: 'Motdepasse-1' }, '/');
    await theirs.page.getByRole('heading', { level: 1 }).waitFor();
    expect(await theirs.page.getByRole('link', { name: 'Monitoring' }).count()).toBe(0);
    await theirs.page.goto('/console/people');
    await theirs.page.getByText('You may not see this').waitFor();
    await page.getByRole('button', { name: 'Deactivate' }).click();
    await page.getByRole('button', { name: 'Activate', exact: true }).waitFor();
    await theirs.page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Deactivate' }).waitFor();
    expect(theirs.trouble).toEqual([]);
    await theirs.context.close();
  });

  test('makes a role, whose permissions count at once for whoever holds it', async () => {
    const { page } = admin;
    const person = await server.person({ roles: [] });
    await page.goto('/console/roles');
    await page.getByRole('button', { name: 'Make a role' }).click();
    const form = page.getByRole('dialog', { name: 'Make a role' });
    await form.getByLabel(/^Name/).fill('auditor');
    await form.getByRole('button', { name: 'Make a role' }).click();
    const role = page.getByRole('dialog', { name: 'auditor' });
    await role.getByText('events:read', { exact: true }).click();
    await expect
      .poll(
        async () => (await ask('{ roles(filter: { names: ["auditor"] }) { nodes { permissions { name } } } }')).roles,
      )
      .toEqual({ nodes: [{ permissions: [{ name: 'events:read' }] }] });
    expect(await barriersInBothThemes(page)).toEqual([]);
    await server.graphql(
      'mutation ($input: AssignRoleInput!) { assignRole(input: $input) { user { id } } }',
      { input: { userId: String(person.id), roleId: 'auditor', scope: '*', replace: false } },
      server.admin.token,
    );
    const theirs = await openScreen(browser, server, person, '/audit');
    await theirs.page.getByRole('row').filter({ hasText: 'user.login' }).first().waitFor();
    await theirs.context.close();
  });

  test('runs a task and shows its log as it goes; pauses it, and undoes that', async () => {
    const { page } = admin;
    await page.goto('/console/tasks');
    await page.getByRole('row').filter({ hasText: 'Nettoyage des logs' }).click();
    await page.getByRole('button', { name: 'Run now' }).click();
    const run = page.getByRole('row').filter({ hasText: 'Succeeded' });
    await run.waitFor();
    await run.click();
    await page.getByRole('dialog', { name: /^Run / }).getByRole('heading', { name: 'Log' }).waitFor();
    expect(await barriersInBothThemes(page)).toEqual([]);
    await page.getByRole('dialog', { name: /^Run / }).getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    expect((await ask('{ task(id: "cleanup_logs") { status } }')).task).toEqual({ status: 'PAUSED' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
  });

  test('makes a webhook, shows its secret once, sends a test and what was sent, and sends it again', async () => {
    const { page } = admin;
    await page.goto('/console/webhooks');
    await page.getByRole('button', { name: 'Make a webhook' }).click();
    const form = page.getByRole('dialog', { name: 'Make a webhook' });
    await form.getByLabel(/^Name/).fill('Bookkeeper');
    await form.getByLabel(/^Address/).fill(`${receiver.url}/console`);
    await form.getByRole('button', { name: 'Save' }).click();
    const once = page.getByRole('dialog', { name: 'Secret of the signatures' });
    server.secrets.remember((await once.locator('[data-secret]').textContent()) ?? '');
    await once.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByRole('heading', { level: 1, name: /Bookkeeper/ }).waitFor();
    await page.getByRole('button', { name: 'Send a test' }).click();
    const delivery = page.getByRole('row').filter({ hasText: 'Arrived' });
    await delivery.waitFor({ timeout: 60_000 });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/console']);
    await delivery.click();
    const dialog = page.getByRole('dialog').filter({ hasText: 'What was sent' });
    await dialog.getByText('taken').waitFor();
    await dialog.getByText(/webhook-signature: v1,\*\*\*/i).waitFor();
    expect(await barriersInBothThemes(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Send again' }).click();
    await expect.poll(() => receiver.received.length, { timeout: 30_000 }).toBe(2);
    expect(receiver.received[1]?.headers['webhook-id']).toBe(receiver.received[0]?.headers['webhook-id']);
    await dialog.waitFor({ state: 'detached' });
    const body = new FormData();
    body.append('file', new File(['Un bail'], 'bail.txt', { type: 'text/plain' }));
    await server.request('POST', '/kdocs/api/documents/upload', { body, token: server.admin.token });
    await page.getByRole('row').filter({ hasText: 'document.created' }).filter({ hasText: 'Arrived' }).waitFor();
    const before = receiver.received.length;
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'of the last hour' }).click();
    await page.getByText(/^[1-9]\d* events? (is|are) sent again/).waitFor();
    await expect.poll(() => receiver.received.length, { timeout: 30_000 }).toBeGreaterThan(before);

    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Switch off' }).click();
    const on = page.getByRole('button', { name: 'Switch on' });
    await on.waitFor();
    expect(await page.getByRole('button', { name: 'Pause' }).count()).toBe(0);
    await on.click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
  });

  test('shows events as they come, holds them back while it is paused, and keeps the filters of the audit', async () => {
    const { page } = admin;
    await page.goto('/console/events?only=tag.');
    await page.getByText('Nothing yet').waitFor();
    const tag = (name: string): Promise<unknown> =>
      ask(`mutation { createTag(input: { name: "${name}" }) { tag { id } } }`);
    await tag('first');
    await page.getByRole('row').filter({ hasText: 'tag.created' }).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await tag('second');
    await page.getByRole('button', { name: /Go on with \d event/ }).click();
    await expect.poll(() => page.getByRole('row').filter({ hasText: 'tag.created' }).count()).toBe(2);
    await page.getByRole('row').filter({ hasText: 'tag.created' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'All of the same thing' }).click();
    await page.waitForURL(/\/audit\?.*subject=Tag/);
    // The heading and the one.
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    await page.getByRole('row').filter({ hasText: 'tag.created' }).waitFor();
    expect(admin.trouble).toEqual([]);
  });

  test('names a permission and changes it, and lets somebody in again who was locked out', async () => {
    const { page } = admin;
    await page.goto('/console/permissions');
    await page.getByRole('button', { name: 'Name a permission' }).click();
    const form = page.getByRole('dialog', { name: 'Name a permission' });
    await form.getByLabel(/^Kind of thing/).fill('vehicles');
    await form.getByLabel(/^What may be done/).fill('not one word');
    await form.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => form.getByLabel(/^What may be done/).getAttribute('aria-invalid')).toBe('true');
    await form.getByLabel(/^What may be done/).fill('read');
    // The place of the problem stays, so that this click does not miss.
    await form.getByRole('button', { name: 'Save' }).click();
    const row = page.getByRole('row').filter({ hasText: 'vehicles:' });
    await row.getByRole('button', { name: 'Edit' }).click();
    const edited = page.getByRole('dialog', { name: 'vehicles:read' });
    await edited.getByLabel(/^What may be done/).fill('drive');
    await edited.getByLabel(/^Description/).fill('Drive the firm’s cars');
    await edited.getByRole('button', { name: 'Save' }).click();
    await row.getByText('vehicles:drive').waitFor();
    await row.getByText('Drive the firm’s cars').waitFor();

    const person = await server.person();
    const signIn = async (password: string): Promise<string | undefined> => {
      const mutation = `mutation ($input: LoginInput!) { login(input: $input) { user { id } } }`;
      const { errors } = await server.graphql(mutation, { input: { identifier: person.email, password } });
      return errors?.[0].extensions.reason;
    };
    await vi.waitUntil(async () => (await signIn('wrong')) === 'login_locked', { timeout: 20_000 });
    expect(await signIn(person.password)).toBe('login_locked');
    await page.goto(`/console/people/${person.id}`);
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByText('can try to sign in again.').waitFor();
    await page.getByRole('button', { name: 'Unlock' }).waitFor({ state: 'detached' });
    expect(await signIn(person.password)).toBeUndefined();

    await page.getByRole('button', { name: 'New password' }).click();
    const giving = page.getByRole('dialog', { name: /A new password for/ });
    await giving.getByLabel('New password').fill('Motdepasse-2');
    // Whoever finds the session open does not become somebody else by it.
    await giving.getByLabel('Your own password').fill('wrong');
    await giving.getByRole('button', { name: 'Save' }).click();
    await giving.getByText('is wrong').waitFor();
    await giving.getByLabel('New password').fill('Motdepasse-2');
    await giving.getByLabel('Your own password').fill(server.admin.password);
    expect(await barriersInBothThemes(page)).toEqual([]);
    await giving.getByRole('button', { name: 'Save' }).click();
    await page.getByText('has a new password.').waitFor();
    expect(await signIn('Motdepasse-2')).toBeUndefined();
  });

  test('sets up a plugin, upgrades it, goes back, and switches it off', async () => {
    const { page } = admin;
    const manifest = {
      id: 'mailer',
      settings: {
        type: 'object',
        required: ['url'],
        properties: { url: { type: 'string', format: 'uri', title: 'Address' }, key: { type: 'string' } },
        secret: ['key'],
      },
    };
    const source = await writePlugin(sources, manifest);
    await server.graphql(
      'mutation ($input: InstallPluginInput!) { installPlugin(input: $input) { plugin { id } } }',
      { input: { id: 'mailer', source } },
      server.admin.token,
    );
    const found = async (): Promise<any> => (await ask('{ plugin(id: "mailer") { version status settings } }')).plugin;
    await page.goto('/console/plugins/mailer?tab=settings');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => page.getByLabel('Address').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Address').fill('https://mail.example.org');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    expect((await found()).settings).toEqual({ url: 'https://mail.example.org' });
    await page.getByRole('button', { name: 'Enable' }).click();
    await page.getByText('Active', { exact: true }).waitFor();

    await changePlugin(source, { ...manifest, version: '1.1.0' });
    await page.getByRole('tab', { name: 'Versions' }).click();
    await page.getByRole('button', { name: 'Upgrade' }).click();
    const upgrade = page.getByRole('dialog', { name: 'Upgrade' });
    await upgrade.getByRole('button', { name: 'Upgrade' }).click();
    await page.getByText('Version 1.1.0 is served.').waitFor();
    await page.getByRole('row').filter({ hasText: '1.0.0' }).getByRole('button', { name: 'Go back to it' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Go back to it' }).click();
    await page.getByText('Version 1.0.0 is served again.').waitFor();
    expect(await found()).toMatchObject({ version: '1.0.0', status: 'ACTIVE' });
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByText('Disabled', { exact: true }).waitFor();
  });

  test('opens an alert from its notification, and ends what somebody follows', async () => {
    const { page, trouble } = admin;
    const [alert] = await server.sql(`
      insert into alerts (kind, subject_kind, subject_name, raised_at, value, threshold, request_count)
      values ('slow_responses', 'route', 'GET /slow/:id', now(), 2.4, 2, 22) returning id`);
    await server.sql(
      `insert into notifications (user_id, type, priority, title, message, link, event_position)
       values (?, 'alert', 'high', 'Réponses lentes', 'GET /slow/:id', ?, 1)`,
      [server.admin.id, `/monitoring/alertes/${alert.id}`],
    );
    await page.goto('/console/monitoring?tab=alerts');
    await page.getByRole('row').filter({ hasText: 'Answers are slow' }).waitFor();
    await page.getByRole('button', { name: /notification/i }).click();
    await page.getByRole('button', { name: /Réponses lentes/ }).click();
    await page.getByRole('heading', { level: 1, name: /Answers are slow/ }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/console/monitoring/alertes/${alert.id}`);
    await page.getByText('GET /slow/:id').waitFor();

    const person = await server.person();
    const theirs = await openScreen(browser, server, person, '/');
    await theirs.page.getByRole('heading', { level: 1 }).waitFor();
    await page.goto('/console/monitoring?tab=followers');
    const row = page.getByRole('row').filter({ hasText: `Person ${person.username.slice(6)}` });
    await row.first().getByRole('button', { name: 'End' }).click();
    await page.getByText('It is being ended').waitFor();
    // Their console follows on by itself.
    await row.first().waitFor();
    expect([...trouble, ...theirs.trouble]).toEqual([]);
    await theirs.context.close();
  });
});
