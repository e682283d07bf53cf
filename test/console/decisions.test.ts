import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { approvalDesk } from '../support/approvals.js';
import { barriersInBothThemes, hasBrowser, launchBrowser, openScreen } from '../support/console.js';
import { settled } from '../support/events.js';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';

vi.setConfig({ testTimeout: 180_000 });

describe.runIf(hasBrowser)('decisions in the console', () => {
  let server: TestServer;
  let browser: Browser;
  let desk: ReturnType<typeof approvalDesk>;
  let validator: Person;
  const ids: number[] = [];
  beforeAll(async () => {
    server = await startTestServer();
    desk = approvalDesk(server);
    validator = await desk.validator({ role: 'VALIDATOR_L1', maxAmount: 1000 });
    const owner = await server.person({ roles: ['manager'] });
    for (const title of ['Première facture', 'Deuxième facture', 'Troisième facture'])
      ids.push(await desk.file(owner, { title, amount: 120, typeId: '1' }));
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const statusOf = async (id: number | undefined): Promise<any> =>
    (await desk.query(`{ document(id: ${id}) { approval { status comment } } }`, server.admin)).data.document.approval;

  test('what waits is decided by keys, and goes from the screens of others', async () => {
    const { page, context, trouble } = await openScreen(browser, server, validator, '/decisions');
    const other = await openScreen(browser, server, server.admin, '/decisions');
    await page.getByText('You decide as “Validator, level 1”, up to').waitFor();
    expect(await barriersInBothThemes(page)).toEqual([]);
    await page.keyboard.press('j');
    await page.getByRole('heading', { name: 'Deuxième facture' }).waitFor();
    await page.keyboard.press('a');
    const approve = page.getByRole('dialog', { name: 'Approve “Deuxième facture”?' });
    await approve.getByRole('textbox').fill('Conforme à la commande');
    expect(await barriersInBothThemes(page)).toEqual([]);
    await approve.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('heading', { name: 'Troisième facture' }).waitFor();
    expect(await statusOf(ids[1])).toEqual({ status: 'APPROVED', comment: 'Conforme à la commande' });
    await other.page.getByRole('option', { name: /Deuxième/ }).waitFor({ state: 'detached' });

    await page.keyboard.press('r');
    const reject = page.getByRole('dialog', { name: 'Reject “Troisième facture”?' });
    await reject.getByRole('textbox').fill('Montant faux');
    await reject.getByRole('button', { name: 'Reject' }).click();
    await page.getByRole('heading', { name: 'Première facture' }).waitFor();
    expect(await statusOf(ids[2])).toEqual({ status: 'REJECTED', comment: 'Montant faux' });
    expect([...trouble, ...other.trouble]).toEqual([]);
    await context.close();
    await other.context.close();
  });

  test('a notification leads to the very decision, and says when it is decided', async () => {
    const owner = await server.person({ roles: ['manager'] });
    const [first, second] = [
      await desk.validator({ role: 'VALIDATOR_L1', maxAmount: 1000 }),
      await desk.validator({ role: 'VALIDATOR_L1', maxAmount: 1000 }),
    ];
    const id = await desk.file(owner, { title: 'Avoir du fournisseur', amount: 90, typeId: '1' });
    await settled(server.app);
    const { page, context, trouble } = await openScreen(browser, server, first, '/');
    const openNotification = async (): Promise<void> => {
      await page
        .getByRole('banner')
        .getByRole('button', { name: /notification/i })
        .click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /Avoir du fournisseur was submitted/ })
        .click();
    };
    await openNotification();
    const option = page.getByRole('option', { name: /Avoir du fournisseur/, selected: true });
    await option.waitFor();
    const focused = (): Promise<unknown> => page.evaluate('document.activeElement.textContent');
    await expect.poll(focused).toContain('Avoir du fournisseur');
    await page.getByRole('heading', { name: 'Avoir du fournisseur' }).waitFor();
    expect(await barriersInBothThemes(page)).toEqual([]);

    // In the list the letter is a decision, not the beginning of a name.
    await page.keyboard.press('c');
    await page.getByRole('dialog', { name: 'Comment on “Avoir du fournisseur”' }).waitFor();
    // Meanwhile somebody else decides: nothing else takes its place.
    await desk.mutate('approveDocument', 'ApproveDocumentInput', 'approval { id }', { documentId: id }, second);
    await page.getByRole('heading', { name: '“Avoir du fournisseur” no longer waits for a decision' }).waitFor();
    await page.getByText(new RegExp(`^Person ${second.username.slice(6)} approved it on `)).waitFor();
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    expect(await barriersInBothThemes(page)).toEqual([]);
    await page.goto('/console/');
    await openNotification();
    await page.getByRole('heading', { name: '“Avoir du fournisseur” no longer waits for a decision' }).waitFor();
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('all that waits is shown too, with the reason why it is not one’s own to decide', async () => {
    const owner = await server.person({ roles: ['manager'] });
    await desk.file(owner, { title: 'Grande facture', amount: 150, typeId: '1' });
    const small = await desk.validator({ role: 'VALIDATOR_L1', maxAmount: 100 });
    const { page, context, trouble } = await openScreen(browser, server, small, '/decisions');
    const option = page.getByRole('option', { name: /Grande facture/ });
    await page.getByRole('radio', { name: 'All that wait' }).click();
    await option.getByText('the amount is above your limit of 100.00').waitFor();
    await option.click();
    await page.getByRole('heading', { name: 'Grande facture' }).waitFor();
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    expect(await barriersInBothThemes(page)).toEqual([]);
    await page.getByRole('radio', { name: 'Mine' }).click();
    await option.waitFor({ state: 'detached' });
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('who submits a document is told who decides, and can read it on its page', async () => {
    const owner = await server.person({ roles: ['manager'] });
    const id = await desk.file(owner, { title: 'Devis', amount: 80 });
    const { page, context, trouble } = await openScreen(browser, server, owner, `/documents/${id}`);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Submit for approval' }).click();
    const decides = `Person ${validator.username.slice(6)}`;
    await page
      .getByRole('alertdialog')
      .getByText(/“Devis” waits for a decision by .*, until /)
      .waitFor();
    await page
      .getByText(/^Waits for a decision by /)
      .filter({ hasText: decides })
      .waitFor();
    expect(await barriersInBothThemes(page)).toEqual([]);
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('an administrator lends a right, keeps rules, and reads the statistics', async () => {
    const { page, context, trouble } = await openScreen(browser, server, server.admin, '/decisions?tab=delegations', {
      // Where the firm counts its days: the first one of a delegation is today.
      timezoneId: 'Europe/Paris',
    });
    await page.getByRole('button', { name: 'Delegate' }).click();
    const dialog = page.getByRole('dialog', { name: 'Let somebody decide for you' });
    await dialog.getByRole('combobox', { name: 'Who decides' }).fill(validator.username);
    await page.getByRole('option').first().click();
    await dialog.getByRole('button', { name: 'Delegate' }).click();
    await page.getByText('Holds').waitFor();
    const { data } = await desk.query('{ approvalDelegations { nodes { to { id } revokedAt } } }', server.admin);
    expect(data.approvalDelegations.nodes).toEqual([{ to: { id: String(validator.id) }, revokedAt: null }]);
    expect(await barriersInBothThemes(page)).toEqual([]);
    await page.getByRole('button', { name: 'Take back' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Take back' }).click();
    await page.getByText('Taken back').waitFor();

    await page.getByRole('tab', { name: 'Rules' }).click();
    await page.getByRole('button', { name: 'Add a rule' }).click();
    await page.getByLabel('From this amount on').fill('5000');
    await page.getByLabel('Hours until the next level').fill('12');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The rule is kept.').waitFor();
    const rules = await desk.query('{ approvalRules(first: 100) { nodes { minAmount hours } } }', server.admin);
    expect(rules.data.approvalRules.nodes).toContainEqual({ minAmount: 5000, hours: 12 });
    expect(await barriersInBothThemes(page)).toEqual([]);

    await page.getByRole('tab', { name: 'Statistics' }).click();
    await page.getByRole('table', { name: 'Decisions by period' }).waitFor({ state: 'attached' });
    await page.getByText('Approved · This month').waitFor();
    expect(await barriersInBothThemes(page)).toEqual([]);
    expect(trouble).toEqual([]);
    await context.close();
  });
});
