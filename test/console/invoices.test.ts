import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { consoleStage } from '../support/console-stage.js';
import { barriersInBothThemes, hasBrowser } from '../support/console.js';
import { firmDay } from '../support/days.js';

vi.setConfig({ testTimeout: 120_000 });

describe.runIf(hasBrowser)('invoices in the console', () => {
  const stage = consoleStage();
  const { ask, open } = stage;
  let id: string;
  let number: string;
  beforeAll(async () => {
    await ask('mutation ($input: CreateClientInput!) { createClient(input: $input) { client { id } } }', {
      input: { name: 'Résidence Bellevue' },
    });
  });
  const invoice = async (): Promise<any> =>
    (
      await ask(
        `query ($id: ID!) { invoice(id: $id) { number status total amountDue amountPaid amountCredited
          client { name } lines { description quantity } } }`,
        { id },
      )
    ).invoice;
  const rowOf = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });
  /** The column's own: on a narrow screen the state stands below the number. */
  const stateOf = (page: Page, text: string, state: string) =>
    rowOf(page, text).getByRole('gridcell', { name: state, exact: true });

  test('a draft is written with totals that are the server’s, and its PDF stands beside it', async () => {
    const { page, context, trouble } = await open('/invoices');
    await page.getByRole('heading', { name: 'No invoice yet' }).waitFor();
    await page.getByRole('link', { name: 'New invoice' }).first().click();
    await page.getByRole('combobox', { name: 'Client' }).fill('Bellevue');
    await page.getByRole('option', { name: 'Résidence Bellevue' }).click();
    await page.getByText('No person is chosen: the invoice stands in your own name').waitFor();
    const line = (place: number) => page.getByRole('group', { name: `Line ${place}` });
    await line(1)
      .getByLabel(/^Description/)
      .fill('Recherche de fuite');
    await line(1).getByLabel('Quantity').fill('1,5');
    await line(1).getByLabel('Unit price').fill('85.333');
    await page.getByRole('button', { name: 'Add a line' }).click();
    await line(2)
      .getByLabel(/^Description/)
      .fill('Déplacement');
    await line(2).getByLabel('Unit price').fill('35');
    await line(2).getByRole('button', { name: /VAT/ }).click();
    await page.getByRole('option', { name: '10 %' }).click();
    const totals = page.getByRole('group', { name: 'Totals' });
    await totals.getByText('€192.10').waitFor();
    expect(await barriersInBothThemes(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save the draft' }).click();
    await page.waitForURL(/\/invoices\/\d+$/);
    id = /\d+$/.exec(page.url())![0];
    expect(await invoice()).toMatchObject({ status: 'DRAFT', total: 192.1, client: { name: 'Résidence Bellevue' } });

    await expect.poll(() => page.getByRole('heading', { level: 1 }).textContent()).toMatch(/^Invoice/);
    const frame = page.getByTitle('The PDF of Draft');
    expect(await frame.getAttribute('src')).toMatch(/^blob:/);
    await expect.poll(() => page.frames().some((each) => each.url().startsWith('blob:'))).toBe(true);
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('a draft that somebody else saved meanwhile is not overwritten before both versions were seen', async () => {
    const { page, context, trouble } = await open(`/invoices/${id}`);
    const elsewhere = await open(`/invoices/${id}`);
    const description = elsewhere.page.getByRole('group', { name: 'Line 1' }).getByLabel(/^Description/);
    await description.waitFor();
    const first = page.getByRole('group', { name: 'Line 1' });
    await first.getByLabel('Quantity').fill('2');
    await ask('mutation ($input: UpdateInvoiceInput!) { updateInvoice(input: $input) { invoice { id } } }', {
      input: { id, items: [{ description: 'Autre chose', quantity: 1, unitPrice: 10, vatRate: 20 }] },
    });
    // Where nothing was edited it changes by itself; where something was, that stays.
    await expect.poll(() => description.inputValue(), { timeout: 20_000 }).toBe('Autre chose');
    await page.getByRole('button', { name: 'Save the draft' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Somebody else saved meanwhile' });
    await dialog.getByRole('cell', { name: 'Autre chose: 1 × 10, VAT 20 %' }).waitFor();
    await dialog.getByRole('cell', { name: 'Recherche de fuite: 2 × 85.333, VAT 20 %' }).waitFor();
    expect(await barriersInBothThemes(page)).toEqual([]);
    expect((await invoice()).lines).toMatchObject([{ description: 'Autre chose' }]);
    await dialog.getByRole('button', { name: 'Save mine' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect((await invoice()).lines).toMatchObject([{ description: 'Recherche de fuite', quantity: 2 }, {}]);
    await expect.poll(() => description.inputValue(), { timeout: 20_000 }).toBe('Recherche de fuite');
    expect([...trouble, ...elsewhere.trouble]).toEqual([]);
    await elsewhere.context.close();
    await context.close();
  });

  test('it is issued, seen on another screen, credited in part, reminded of, and paid by what came in', async () => {
    const { page, context, trouble } = await open(`/invoices/${id}`);
    const elsewhere = await open('/invoices');
    await stateOf(elsewhere.page, 'Résidence Bellevue', 'Draft').waitFor();
    await page.getByRole('button', { name: 'Issue it' }).click();
    // The server of the test knows nothing of the firm.
    await page
      .getByRole('alertdialog')
      .getByText(/its name, its street, .* and its VAT number/)
      .waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Issue it' }).click();
    await page.getByRole('button', { name: 'Record a payment' }).waitFor();
    ({ number } = await invoice());
    await stateOf(elsewhere.page, number, 'Issued').waitFor();
    // The sums are the server's, over all that fit.
    await elsewhere.page.getByText('Of the one that fits').first().waitFor();
    await elsewhere.page.getByText('Billed').locator('..').getByText('€243.30').waitFor();

    await page.getByRole('button', { name: 'More of this invoice' }).click();
    await page.getByRole('menuitem', { name: 'Make a credit note' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Reason/).fill('Remise');
    await dialog.getByText('Only a part of it').click();
    await dialog.getByRole('button', { name: 'Remove line 1' }).click();
    await dialog.getByRole('button', { name: 'Make a credit note' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await invoice()).toMatchObject({ amountCredited: 38.5 });

    await page.getByRole('button', { name: 'Remind the customer' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remind the customer' }).click();
    await rowOf(page, 'First reminder').getByRole('link', { name: 'Letter' }).waitFor();

    await page.getByRole('button', { name: 'Record a payment' }).click();
    await page
      .getByRole('dialog')
      .getByLabel(/^Amount/)
      .fill('100');
    await page.getByRole('dialog').getByRole('button', { name: 'Record' }).click();
    await rowOf(page, '€100.00').waitFor();
    const { amountDue } = await invoice();
    const { createBankAccount } = await ask(
      'mutation ($input: CreateBankAccountInput!) { createBankAccount(input: $input) { bankAccount { id } } }',
      { input: { name: 'Compte', typeId: '1' } },
    );
    await ask(
      'mutation ($input: CreateTransactionInput!) { createTransaction(input: $input) { transaction { id } } }',
      {
        input: {
          accountId: createBankAccount.bankAccount.id,
          amount: amountDue,
          description: `Virement ${number}`,
          transactionDate: firmDay(),
        },
      },
    );
    // What came in elsewhere is proposed here by itself.
    await rowOf(page, `Virement ${number}`).getByRole('button', { name: 'Accept' }).click();
    await page.getByText('Paid', { exact: true }).first().waitFor();
    expect(await invoice()).toMatchObject({ status: 'PAID', amountDue: 0 });
    await stateOf(elsewhere.page, number, 'Paid').waitFor();
    expect([...trouble, ...elsewhere.trouble]).toEqual([]);
    await elsewhere.context.close();
    await context.close();
  });

  test('what is left of a payment is used for another invoice, and one that is wrong is made void', async () => {
    const { clients } = await ask('{ clients(first: 1) { nodes { id } } }');
    const issue = async (unitPrice: number): Promise<string> => {
      const { createInvoice } = await ask(
        'mutation ($input: CreateInvoiceInput!) { createInvoice(input: $input) { invoice { id } } }',
        { input: { clientId: clients.nodes[0].id, items: [{ description: 'Visite', quantity: 1, unitPrice }] } },
      );
      id = createInvoice.invoice.id;
      await ask('mutation ($input: IssueInvoiceInput!) { issueInvoice(input: $input) { invoice { id } } }', {
        input: { id },
      });
      return id;
    };
    const paid = await issue(80);
    await ask('mutation ($input: RecordPaymentInput!) { recordPayment(input: $input) { payment { id } } }', {
      input: { amount: 100, paymentDate: firmDay(), allocations: [{ invoiceId: paid }] },
    });
    const { page, context, trouble } = await open(`/invoices/${await issue(50)}`);
    await rowOf(page, '€20.00').getByRole('button').click();
    await page.getByText('€30.00').first().waitFor();
    expect(await invoice()).toMatchObject({ amountPaid: 20, amountDue: 30 });
    await page.goto(`/console/invoices/${await issue(10)}`);
    await page.getByRole('button', { name: 'More of this invoice' }).click();
    await page.getByRole('menuitem', { name: 'Make it void' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Make it void' }).click();
    await page.getByText('Void', { exact: true }).first().waitFor();
    expect(await invoice()).toMatchObject({ status: 'CANCELLED', amountDue: 0 });
    await page.goto('/console/invoices');
    await page.getByText('Of all 5 that fit').first().waitFor();
    expect(trouble).toEqual([]);
    await context.close();
  });
});
