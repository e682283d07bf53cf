import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { barriersInBothThemes, hasBrowser, launchBrowser, openScreen, type Screen } from '../support/console.js';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';
import { type Receiver, startReceiver } from '../support/receiver.js';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

describe.runIf(hasBrowser)('operation in the console', () => {
  let server: TestServer;
  let browser: Browser;
  let receiver: Receiver;
  let admin: Screen;
  beforeAll(async () => {
    receiver = await startReceiver();
    server = await startTestServer({ env: { WEBHOOK_ALLOW_PRIVATE: '127.0.0.0/8' } });
    browser = await launchBrowser();
    admin = await openScreen(browser, server, server.admin, '/people');
  });
  afterAll(async () => {
    await admin?.context.close();
    await browser?.close();
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
    await page.getByRole('option', { name: /^VALIDATOR_L1/ }).click();
    await giving.getByLabel(/^Amount at most/).fill('500');
    await giving.getByRole('button', { name: 'Give a role' }).click();
    await page
      .getByRole('row')
      .filter({ hasText: 'VALIDATOR_L1' })
      .getByText(/up to €500/)
      .waitFor();
    expect(
      (await ask(`{ user(id: ${id}) { roleAssignments { role { name } maxAmount } } }`)).user.roleAssignments,
    ).toContainEqual({ role: { name: 'VALIDATOR_L1' }, maxAmount: 500 });

    await page.getByRole('tab', { name: 'Why may they?' }).click();
    await page.getByRole('combobox', { name: 'Permission' }).fill('documents:read');
    await page.getByRole('option', { name: /^documents:read/ }).click();
    await page.getByText(/documents:read: yes, by 1 role/).waitFor();
    await page.getByRole('row').filter({ hasText: 'VALIDATOR_L1' }).waitFor();
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
    await page.getByRole('row').filter({ hasText: 'tag.created' }).waitFor();
    expect(await page.getByRole('row').count()).toBe(2);
    expect(admin.trouble).toEqual([]);
  });
});
