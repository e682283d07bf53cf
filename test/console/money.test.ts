import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, inject, test, vi } from 'vitest';
import { consoleStage } from '../support/console-stage.js';
import { barriersInBothThemes, hasBrowser } from '../support/console.js';

vi.setConfig({ testTimeout: 120_000 });

describe.runIf(hasBrowser)('money in the console', () => {
  const stage = consoleStage({ roles: ['manager'] });
  const { ask, open } = stage;
  let accountId: string;
  const transactions = async (): Promise<any[]> =>
    (
      await ask(
        `query ($id: ID!) { bankAccount(id: $id) { balance transactions(first: 50, orderBy: ID_ASC) { nodes {
          amount description transactionDate category { name } labels splits { amount } receipts { file { name } } } } } }`,
        { id: accountId },
      )
    ).bankAccount.transactions.nodes;
  const rowOf = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });

  test('an account is added, filled by the keyboard alone, and filled on another screen as well', async () => {
    const { page, context, trouble } = await open('/accounts');
    await page.getByRole('button', { name: 'Add an account' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Name/).fill('Compte courant');
    await dialog.getByLabel('Balance before the first transaction').fill('1000');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(/\/accounts\/\d+$/);
    accountId = /\d+$/.exec(page.url())![0];
    await page.getByText('No transaction yet').waitFor();

    const elsewhere = await open(`/accounts/${accountId}`);
    await elsewhere.page.getByText('No transaction yet').waitFor();

    await page.getByLabel(/^Amount/).focus();
    await page.keyboard.type('45,80');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Courses');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Aliment');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await rowOf(page, 'Courses').waitFor();
    // The next one begins at the amount, on the same day.
    await expect.poll(() => page.evaluate(`document.activeElement?.getAttribute('name')`)).toBe('amount');
    await page.keyboard.type('+2500');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Salaire');
    await page.keyboard.press('Enter');
    await rowOf(page, 'Salaire').getByText('+€2,500.00').waitFor();

    expect(await transactions()).toMatchObject([
      { amount: -45.8, description: 'Courses', category: { name: 'Alimentation' } },
      { amount: 2500, description: 'Salaire', category: null },
    ]);
    await rowOf(elsewhere.page, 'Salaire').getByText('€3,454.20').waitFor();
    expect([...trouble, ...elsewhere.trouble]).toEqual([]);
    await elsewhere.context.close();
    await context.close();
  });

  test('a transaction is split, gets a receipt that is dropped on it, goes and comes back', async () => {
    const { page, context, trouble } = await open(`/accounts/${accountId}`);
    const row = rowOf(page, 'Courses');
    await row.getByRole('button', { name: 'Actions for Courses' }).click();
    await page.getByRole('menuitem', { name: 'Edit the transaction' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Split over several categories' }).click();
    await dialog.getByLabel('Amount 1').fill('30.30');
    await dialog.getByLabel('Amount 2').click();
    await dialog.getByText('Still to share out: €15.50').waitFor();
    await dialog.getByLabel('Amount 2').fill('15.50');
    await dialog.getByLabel('Labels').fill('maison, pro');
    await dialog.getByText('The parts add up.').waitFor();
    expect(await barriersInBothThemes(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });

    const folder = await mkdtemp(join(inject('folder'), 'receipt-'));
    await writeFile(join(folder, 'ticket.txt'), 'Total 45,80');
    await dropFile(page, 'Courses', join(folder, 'ticket.txt'));
    await row.getByRole('link', { name: 'ticket.txt' }).waitFor();
    expect(await transactions()).toMatchObject([
      {
        labels: ['maison', 'pro'],
        splits: [{ amount: -30.3 }, { amount: -15.5 }],
        receipts: [{ file: { name: 'ticket.txt' } }],
      },
      {},
    ]);

    const before = await transactions();
    await row.getByRole('button', { name: 'Actions for Courses' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await row.waitFor({ state: 'detached' });
    expect(await transactions()).toHaveLength(1);
    const message = page.getByRole('alertdialog', { name: '“Courses” was deleted.' });
    await message.getByRole('button', { name: 'Undo' }).click();
    await row.getByRole('link', { name: 'ticket.txt' }).waitFor();
    expect(await transactions()).toEqual(before);
    await row.getByRole('button', { name: 'Actions for Courses' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await row.waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: 'Deleted' }).click();
    await rowOf(page, 'Courses').getByText('-€45.80').waitFor();
    expect(await barriersInBothThemes(page)).toEqual([]);
    await rowOf(page, 'Courses').getByRole('button', { name: 'Restore' }).click();
    await page.getByText('Nothing was deleted').waitFor();
    expect(await transactions()).toEqual(before);
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('a file of the bank is read before it is written, and is taken back', async () => {
    const { page, context, trouble } = await open(`/accounts/${accountId}`);
    await page.getByRole('button', { name: 'Import a file' }).click();
    const dialog = page.getByRole('dialog');
    const lines = ['Date;Libellé;Montant;Sens', '02/03/2026;Loyer;-800,00;D', '03/03/2026;Courses;-12,00;D'];
    const fileOf = (...more: string[]) => ({
      name: 'relevé.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from([...lines, ...more].join('\n')),
    });
    const file = fileOf();
    await dialog.locator('input[type=file]').setInputFiles(fileOf('04/03/2026;Rien;x;D'));
    await dialog.getByText('relevé.csv (CSV) has 3 lines.').waitFor();
    await rowOf(page, 'Rien').getByText('Not readable').waitFor();
    expect(await dialog.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true);
    expect(await barriersInBothThemes(page)).toEqual([]);
    await dialog.locator('input[type=file]').setInputFiles(file);
    await dialog.getByText('relevé.csv (CSV) has 2 lines.').waitFor();
    // Another column becomes the text, and the dry run follows.
    await dialog.getByText('Columns of the file').click();
    await dialog.getByRole('button', { name: /Description/ }).click();
    await page.getByRole('option', { name: 'Sens' }).click();
    await rowOf(page, 'Loyer').waitFor({ state: 'detached' });
    await dialog.getByRole('button', { name: /Description/ }).click();
    await page.getByRole('option', { name: 'Libellé' }).click();
    await rowOf(page, 'Loyer').waitFor();
    expect(await transactions()).toHaveLength(2);
    await dialog.getByRole('button', { name: 'Import 2 transactions' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await transactions()).toHaveLength(4);

    await page.getByRole('button', { name: 'Import a file' }).click();
    await dialog.locator('input[type=file]').setInputFiles(file);
    await rowOf(page, 'Loyer').getByText('Known already').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();

    await page.getByRole('tab', { name: 'Imports' }).click();
    await page.waitForURL(/tab=imports/);
    expect(await barriersInBothThemes(page)).toEqual([]);
    await rowOf(page, 'relevé.csv').getByRole('button', { name: 'Undo' }).click();
    await page
      .getByRole('alertdialog', { name: 'Take the import back?' })
      .getByRole('button', { name: 'Take them out' })
      .click();
    await rowOf(page, 'relevé.csv').getByText('Undone').waitFor();
    expect(await transactions()).toHaveLength(2);

    await page.getByRole('tab', { name: 'Deleted' }).click();
    await rowOf(page, 'Loyer').getByText('relevé.csv').waitFor();
    expect(await barriersInBothThemes(page)).toEqual([]);
    await rowOf(page, 'Loyer').getByRole('button', { name: 'The whole import' }).click();
    await page.getByText('2 transactions are back.').waitFor();
    expect(await transactions()).toHaveLength(4);
    await page.getByRole('tab', { name: 'Imports' }).click();
    await rowOf(page, 'relevé.csv').getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Take them out' }).click();
    await rowOf(page, 'relevé.csv').getByRole('button', { name: 'Bring back' }).waitFor();
    expect(await transactions()).toHaveLength(2);
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('an account is reconciled with a statement to the cent', async () => {
    const { page, context, trouble } = await open(`/accounts/${accountId}?tab=reconciliation`);
    await page.getByLabel(/^Closing balance/).fill('3500');
    await rowOf(page, 'Salaire').getByRole('checkbox').click({ force: true });
    await page.getByText('It is equal to the statement.').waitFor();
    expect(await barriersInBothThemes(page)).toEqual([]);
    await page.getByRole('button', { name: 'Reconcile 1 transaction' }).click();
    await page.getByText('1 transaction is reconciled.').waitFor();
    const { bankAccount } = await ask('query ($id: ID!) { bankAccount(id: $id) { reconciledBalance } }', {
      id: accountId,
    });
    expect(bankAccount.reconciledBalance).toBe(3500);
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('a rule is made of a transaction, tried before it changes anything, and applied', async () => {
    const add = (description: string) =>
      ask('mutation ($input: CreateTransactionInput!) { createTransaction(input: $input) { transaction { id } } }', {
        input: { accountId, amount: -30, description, transactionDate: '2026-05-04' },
      });
    await add('EDF facture mai');
    await add('EDF facture juin');
    const { page, context, trouble } = await open(`/accounts/${accountId}`);
    const row = rowOf(page, 'EDF facture mai');
    await row.getByRole('button', { name: /^Category of EDF/ }).click();
    await page.getByRole('menuitem', { name: 'Logement' }).click();
    await row.getByRole('button', { name: /: Logement$/ }).waitFor();
    await row.getByRole('button', { name: 'Actions for EDF facture mai' }).click();
    await page.getByRole('menuitem', { name: 'Make a rule of it' }).click();
    await page.getByText(/The rule .* will categorise what comes/).waitFor();
    await page.goto('/console/categorization-rules');
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog');
    // It holds each word of the description; the month is one too many.
    await dialog.getByRole('button', { name: 'Remove condition 2' }).click();
    expect(await barriersInBothThemes(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Try it' }).click();
    await dialog.getByText('It would change 1 transaction.').waitFor();
    await rowOf(page, 'EDF facture juin').waitFor();
    await dialog.getByRole('button', { name: 'Apply now' }).click();
    await page.getByText('1 transaction was changed.').waitFor();
    expect((await transactions()).at(-1)).toMatchObject({
      description: 'EDF facture juin',
      category: { name: 'Logement' },
    });
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('what recurs is added, one day of it is left out, and it is stopped', async () => {
    const { page, context, trouble } = await open('/recurrence-rules');
    await page.getByRole('button', { name: 'Add a recurring transaction' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Description/).fill('Loyer');
    await dialog.getByLabel(/^Amount/).fill('-800');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await rowOf(page, 'Loyer').click();
    await page.waitForURL(/\/recurrence-rules\/\d+$/);
    const rule = async () =>
      (
        await ask('query ($id: ID!) { recurrenceRule(id: $id) { nextOccurrence skippedDates stoppedAt } }', {
          id: /\d+$/.exec(page.url())![0],
        })
      ).recurrenceRule;
    const { nextOccurrence } = await rule();
    await page.getByRole('button', { name: 'Leave out' }).first().click();
    await page
      .getByRole('alertdialog', { name: /^Leave out/ })
      .getByRole('button', { name: 'Leave out' })
      .click();
    await page.getByText('is left out.').waitFor();
    expect((await rule()).nextOccurrence > nextOccurrence).toBe(true);
    expect(await barriersInBothThemes(page)).toEqual([]);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByRole('alertdialog', { name: 'Stop it for good?' }).getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'detached' });
    expect((await rule()).stoppedAt).not.toBeNull();
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('money goes to a joint account, which is shared, printed, and deleted with what is in it', async () => {
    const { createBankAccount } = await ask(
      'mutation ($input: CreateBankAccountInput!) { createBankAccount(input: $input) { bankAccount { id } } }',
      { input: { name: 'Commun', typeId: '4' } },
    );
    const { id } = createBankAccount.bankAccount;
    const joint = async (): Promise<any> =>
      (await ask('query ($id: ID!) { bankAccount(id: $id) { balance shares { email permission } } }', { id }))
        .bankAccount;
    const other = await stage.server.person();
    const { page, context, trouble } = await open(`/accounts/${accountId}`);
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Transfer' }).click();
    await dialog.getByRole('button', { name: /To/ }).click();
    await page.getByRole('option', { name: 'Commun' }).click();
    await dialog.getByLabel(/^Amount/).fill('100');
    await dialog.getByLabel(/^Description/).fill('Part du loyer');
    await dialog.getByRole('button', { name: 'Transfer' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await joint()).toEqual({ balance: 100, shares: [] });

    await page.goto(`/console/accounts/${id}`);
    await rowOf(page, 'Part du loyer').getByText('+€100.00').waitFor();
    const more = async (entry: string) => {
      await page.getByRole('button', { name: 'More of this account' }).click();
      await page.getByRole('menuitem', { name: entry }).click();
    };
    await more('Share');
    await dialog.getByLabel(/^E-mail/).fill(other.email);
    await dialog.getByRole('button', { name: 'Share', exact: true }).click();
    await dialog.getByRole('button', { name: 'Stop sharing' }).waitFor();
    expect((await joint()).shares).toEqual([{ email: other.email, permission: 'READ' }]);
    await dialog.getByRole('button', { name: 'Close' }).click();

    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Print a statement' }).click();
    expect((await download).suggestedFilename()).toMatch(/\.pdf$/);

    await more('Delete the account');
    const deleting = page.getByRole('alertdialog', { name: 'Delete “Commun”?' });
    await deleting.getByText('Its transaction goes with it.').click();
    await deleting.getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL(/\/accounts$/);
    expect(await joint()).toBeNull();
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('whoever types faster than the server answers loses nothing, nor what is refused', async () => {
    const { page, context } = await open(`/accounts/${accountId}`);
    await page.getByLabel(/^Amount/).focus();
    const type = async (amount: string, what: string): Promise<void> => {
      await page.keyboard.type(amount);
      await page.keyboard.press('Tab');
      await page.keyboard.type(what);
      await page.keyboard.press('Enter');
    };
    await type('3', 'Pain');
    await type('+4', 'Consigne');
    await rowOf(page, 'Consigne').getByText('+€4.00').waitFor();
    await rowOf(page, 'Pain').getByText('-€3.00').waitFor();

    // The refusal comes when the next one has been begun.
    const begun = Promise.withResolvers<void>();
    await page.route('**/graphql', async (route) => {
      if (!/CreateTransaction/.test(route.request().postData() ?? '')) return route.fallback();
      await begun.promise;
      return route.fulfill({ json: { errors: [{ message: 'No', extensions: { code: 'FORBIDDEN' } }], data: null } });
    });
    await type('5', 'Journal');
    await page.keyboard.type('6');
    await expect.poll(() => page.getByLabel(/^Amount/).inputValue()).toBe('6');
    begun.resolve();
    await page.getByText('Not added: Journal, 5.').waitFor();
    await page.unrouteAll({ behavior: 'wait' });
    await page.getByRole('button', { name: 'Correct it' }).click();
    await page.getByLabel(/^Description/).press('Enter');
    await rowOf(page, 'Journal').getByText('-€5.00').waitFor();
    // What had been begun waits in its turn.
    await page.getByText('Not added: , 6.').waitFor();
    await context.close();
  });

  test('a budget is made, goes, and comes back', async () => {
    const { page, context, trouble } = await open('/budgets');
    await page.getByRole('button', { name: 'Add a budget' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^What it is for/).fill('Vacances');
    await dialog.getByLabel(/^Target/).fill('2000');
    await dialog.getByLabel('Saved so far').fill('450');
    await dialog.getByRole('spinbutton', { name: /day/ }).click();
    await page.keyboard.type('30062199');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    const budgets = async () =>
      (await ask('{ budgets { nodes { name targetAmount currentAmount targetDate } } }')).budgets.nodes;
    const made = [{ name: 'Vacances', targetAmount: 2000, currentAmount: 450, targetDate: '2199-06-30' }];
    expect(await budgets()).toEqual(made);
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('alertdialog', { name: 'Delete “Vacances”?' }).getByRole('button', { name: 'Delete' }).click();
    const message = page.getByRole('alertdialog', { name: '“Vacances” was deleted.' });
    await message.waitFor();
    expect(await budgets()).toEqual([]);
    await message.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('heading', { name: 'Vacances' }).waitFor();
    expect(await budgets()).toEqual(made);
    expect(trouble).toEqual([]);
    await context.close();
  });
});

/** Drops a file of the disk on the row that has the text, as a person does from their desktop. */
async function dropFile(page: Page, row: string, path: string): Promise<void> {
  const box = await page.getByRole('row').filter({ hasText: row }).boundingBox();
  if (!box) throw new Error(`There is no row with ${row}`);
  const session = await page.context().newCDPSession(page);
  const at = { x: box.x + box.width / 3, y: box.y + box.height / 2 };
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, ...at, data });
  await session.detach();
}
