import type { Page } from 'playwright-core';
import { describe, expect, test, vi } from 'vitest';
import { consoleStage } from '../support/console-stage.js';
import { hasBrowser } from '../support/console.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describe.runIf(hasBrowser)('what is typed while a form waits for its answer', () => {
  const stage = consoleStage();
  const { ask, open } = stage;
  /** Holds the next answer of an operation back; what it returns lets it go, and resolves when the page has it. */
  const holdAnswer = async (page: Page, operation: string): Promise<() => Promise<void>> => {
    let go = (): void => undefined;
    const may = new Promise<void>((resolve) => (go = resolve));
    const isOf = (body: string | null): boolean => new RegExp(`\\b${operation}\\b`).test(body ?? '');
    await page.route('**/graphql', async (route) => {
      if (!isOf(route.request().postData())) return route.fallback();
      const response = await route.fetch();
      await may;
      return route.fulfill({ response });
    });
    return async () => {
      const answered = page.waitForResponse((response) => isOf(response.request().postData()));
      go();
      await answered;
      await page.unrouteAll({ behavior: 'wait' });
    };
  };

  interface Case {
    what: string;
    path: () => Promise<string>;
    /** Of the operation that saves. */
    operation: string;
    field: RegExp;
    /** What is typed in between, beside a second change of `field`. */
    other: RegExp;
    button: RegExp;
    read: (path: string) => Promise<unknown>;
  }

  const idIn = (path: string): string => /\d+/.exec(path)![0];
  const cases: readonly Case[] = [
    {
      what: 'the profile',
      path: async () => '/profile',
      operation: 'ChangeProfile',
      field: /^City/,
      other: /^Street/,
      button: /^Save$/,
      read: async () => (await ask('{ viewer { city street } }')).viewer,
    },
    {
      what: 'a person',
      path: async () => `/people/${(await stage.server.person()).id}`,
      operation: 'ChangePerson',
      field: /^City/,
      other: /^Street/,
      button: /^Save$/,
      read: async (path) => (await ask(`{ user(id: ${idIn(path)}) { city street } }`)).user,
    },
  ];

  test.each(cases)('$what: stays, and is saved by the next press', async ({ path: pathOf, read, ...of }) => {
    const path = await pathOf();
    const { page, context, trouble } = await open(path);
    const field = page.getByLabel(of.field);
    const other = page.getByLabel(of.other);
    await field.fill('Lyon');
    const letGo = await holdAnswer(page, of.operation);
    await page.getByRole('button', { name: of.button }).click();
    await expect.poll(() => read(path), { timeout: 20_000 }).toMatchObject({ city: 'Lyon' });
    await field.fill('Lyon 3e');
    await other.fill('1 rue Paul Bert');
    await letGo();
    await page.getByText('Saved', { exact: true }).first().waitFor();
    expect(await field.inputValue()).toBe('Lyon 3e');
    expect(await other.inputValue()).toBe('1 rue Paul Bert');
    await page.getByRole('button', { name: of.button }).click();
    await expect.poll(() => read(path), { timeout: 20_000 }).toEqual({ city: 'Lyon 3e', street: '1 rue Paul Bert' });
    // Nothing was typed since: what others change appears again.
    expect(await page.getByRole('alertdialog', { name: /Somebody else saved/ }).count()).toBe(0);
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('a draft of an invoice: its lines stay', async () => {
    const { createClient } = await ask(
      'mutation { createClient(input: { name: "Résidence Bellevue" }) { client { id } } }',
    );
    const { createInvoice } = await ask(
      'mutation ($input: CreateInvoiceInput!) { createInvoice(input: $input) { invoice { id } } }',
      {
        input: {
          clientId: createClient.client.id,
          items: [{ description: 'Visite', quantity: 1, unitPrice: 10, vatRate: 20 }],
        },
      },
    );
    const { id } = createInvoice.invoice;
    const linesNow = async () =>
      (await ask(`{ invoice(id: ${id}) { lines { description quantity } } }`)).invoice.lines as unknown[];
    const { page, context, trouble } = await open(`/invoices/${id}`);
    const line = page.getByRole('group', { name: 'Line 1' });
    await line.getByLabel('Quantity').fill('2');
    const letGo = await holdAnswer(page, 'UpdateInvoice');
    await page.getByRole('button', { name: 'Save the draft' }).click();
    await expect.poll(linesNow, { timeout: 20_000 }).toEqual([{ description: 'Visite', quantity: 2 }]);
    await line.getByLabel(/^Description/).fill('Visite annuelle');
    await letGo();
    await page.getByText('The draft was saved.').waitFor();
    expect(await line.getByLabel(/^Description/).inputValue()).toBe('Visite annuelle');
    await page.getByRole('button', { name: 'Save the draft' }).click();
    await expect.poll(linesNow, { timeout: 20_000 }).toEqual([{ description: 'Visite annuelle', quantity: 2 }]);
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('a document’s facts and its next note stay', async () => {
    const form = new FormData();
    form.append('file', new File(['some text'], 'bail.txt', { type: 'text/plain' }));
    const { json } = await stage.server.request('POST', '/kdocs/api/documents/upload', {
      body: form,
      token: stage.person.token,
    });
    const { id } = json.results[0];
    const titleNow = async () => (await ask(`{ document(id: ${id}) { title } }`)).document.title as string;
    const { page, context, trouble } = await open(`/documents/${id}`);
    const title = page.getByLabel(/^Title/);
    await title.fill('Bail');
    let letGo = await holdAnswer(page, 'SaveFacts');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect.poll(titleNow, { timeout: 20_000 }).toBe('Bail');
    await title.fill('Bail commercial');
    await letGo();
    await page.getByText('Saved.').waitFor();
    expect(await title.inputValue()).toBe('Bail commercial');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect.poll(titleNow, { timeout: 20_000 }).toBe('Bail commercial');

    await page.getByRole('tab', { name: 'Notes' }).click();
    const note = page.getByLabel('New note');
    await note.fill('Une');
    letGo = await holdAnswer(page, 'AddNote');
    await page.getByRole('button', { name: 'Add the note' }).click();
    await note.fill('Deux');
    await letGo();
    await page.getByText('Une', { exact: true }).waitFor();
    expect(await note.inputValue()).toBe('Deux');
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('a file of the bank: nothing is changed of it while it is imported', async () => {
    const { createBankAccount } = await ask(
      'mutation ($input: CreateBankAccountInput!) { createBankAccount(input: $input) { bankAccount { id } } }',
      { input: { name: 'Compte courant', typeId: '1' } },
    );
    const { id } = createBankAccount.bankAccount;
    const { page, context, trouble } = await open(`/accounts/${id}`);
    await page.getByRole('button', { name: 'Import a file' }).click();
    const dialog = page.getByRole('dialog');
    const buffer = Buffer.from('Date;Libellé;Montant\n02/03/2026;Loyer;-800,00');
    await dialog.locator('input[type=file]').setInputFiles({ name: 'relevé.csv', mimeType: 'text/csv', buffer });
    const fixed = dialog.locator('[inert]').getByRole('button', { name: 'Choose a file' });
    const letGo = await holdAnswer(page, 'ImportFile');
    await dialog.getByRole('button', { name: 'Import 1 transaction' }).click();
    await fixed.waitFor();
    await letGo();
    await dialog.waitFor({ state: 'detached' });
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('a dialog, which its answer closes, takes nothing in until then; refused, it goes on where one was', async () => {
    const { page, context, trouble } = await open('/filing?tab=types');
    const codes = async () => (await ask('{ documentTypes { nodes { code } } }')).documentTypes.nodes;
    await page.getByRole('button', { name: 'Add a type' }).click();
    const dialog = page.getByRole('dialog');
    const label = dialog.getByLabel(/^Label/);
    await label.fill('Receipt');
    await dialog.getByLabel(/^Code/).fill('RECEIPT');
    let letGo = await holdAnswer(page, 'CreateType');
    await label.press('Enter');
    await expect.poll(codes, { timeout: 20_000 }).toContainEqual({ code: 'RECEIPT' });
    await page.keyboard.type('typed too late');
    await label.click({ force: true });
    await page.keyboard.type('typed too late');
    expect(await label.inputValue()).toBe('Receipt');
    await letGo();
    await dialog.waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Add a type' }).click();
    await label.fill('Receipt again');
    await dialog.getByLabel(/^Code/).fill('RECEIPT');
    letGo = await holdAnswer(page, 'CreateType');
    await label.press('Enter');
    await expect.poll(() => dialog.locator('form').getAttribute('aria-busy')).toBe('true');
    await letGo();
    await expect.poll(() => dialog.locator('form').getAttribute('aria-busy')).toBe('false');
    await expect.poll(() => label.and(page.locator(':focus')).count()).toBe(1);

    await dialog.getByLabel(/^Code/).fill('RECEIPT_2');
    letGo = await holdAnswer(page, 'CreateType');
    await label.press('Enter');
    await expect.poll(() => dialog.locator('form').getAttribute('aria-busy')).toBe('true');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await letGo();
    expect(trouble).toEqual([]);
    await context.close();
  });
});
