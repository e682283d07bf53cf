import type { Page, Response } from 'playwright-core';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { consoleStage } from '../support/console-stage.js';
import { hasBrowser } from '../support/console.js';

vi.setConfig({ testTimeout: 120_000 });

describe.runIf(hasBrowser)('what a person does fast, within the quota of everybody', () => {
  const stage = consoleStage({ roles: ['manager'], env: { RATE_LIMITS: 'on' } });
  const { ask, open } = stage;
  let accountId: string;
  beforeAll(async () => {
    const { createBankAccount } = await ask(
      'mutation ($input: CreateBankAccountInput!) { createBankAccount(input: $input) { bankAccount { id } } }',
      { input: { name: 'Courant', typeId: '1', openingBalance: 1000 } },
    );
    accountId = createBankAccount.bankAccount.id;
  });
  const rowOf = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });

  /** What a page asks from now on: how often by operation, what was refused, and the least that was left. */
  function watch(page: Page) {
    const seen = { counts: {} as Record<string, number>, refused: 0, left: Infinity };
    page.on('response', (response: Response) => {
      const [, name] = /(?:query|mutation) (\w+)/.exec(response.request().postData() ?? '') ?? [];
      if (!response.url().endsWith('/graphql') || name === undefined) return;
      seen.counts[name] = (seen.counts[name] ?? 0) + 1;
      if (response.status() === 429) seen.refused += 1;
      seen.left = Math.min(seen.left, Number(response.headers()['x-ratelimit-remaining']));
    });
    return seen;
  }

  test('forty transactions as fast as the page takes them; two screens show them and what is left', async () => {
    const { page, context, trouble } = await open(`/accounts/${accountId}`);
    const elsewhere = await open(`/accounts/${accountId}`);
    await page.getByText('No transaction yet').waitFor();
    await elsewhere.page.getByText('No transaction yet').waitFor();
    const [here, there] = [watch(page), watch(elsewhere.page)];
    const { headers } = await stage.server.request('POST', '/graphql', {
      token: stage.person.token,
      json: { query: '{ __typename }' },
    });
    const before = Number(headers.get('x-ratelimit-remaining'));
    const count = 40;
    await page.getByLabel(/^Amount/).focus();
    for (let at = 1; at <= count; at += 1) {
      await page.keyboard.type('2,50');
      await page.keyboard.press('Tab');
      await page.keyboard.type(`Ticket ${at}.`);
      await page.keyboard.press('Enter');
      await expect.poll(() => page.evaluate(`document.activeElement?.getAttribute('name')`)).toBe('amount');
    }
    for (const screen of [page, elsewhere.page]) {
      await rowOf(screen, `Ticket ${count}.`).getByText('€900.00').waitFor();
      await rowOf(screen, `Ticket ${count - 20}.`)
        .getByText('€950.00')
        .waitFor();
    }
    expect([here.refused, there.refused]).toEqual([0, 0]);
    expect(here.counts['CreateTransaction']).toBe(count);
    // What they are filed under has not changed.
    expect([here.counts['Categories'], there.counts['Categories']]).toEqual([undefined, undefined]);
    expect(here.counts['TransactionList']).toBeLessThan(count / 2);
    // A hundred a minute, with both screens open.
    expect((before - Math.min(here.left, there.left)) / count).toBeLessThan(1_000);
    expect([...trouble, ...elsewhere.trouble]).toEqual([]);
    await elsewhere.context.close();
    await context.close();
  });

  test('a change of one’s own is asked for once, one of others as well', async () => {
    const { page, context, trouble } = await open(`/accounts/${accountId}`);
    await rowOf(page, 'Ticket 40.').waitFor();
    const seen = watch(page);
    for (const at of [40, 39, 38]) {
      await rowOf(page, `Ticket ${at}.`)
        .getByRole('button', { name: /^Actions/ })
        .click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await rowOf(page, `Ticket ${at}.`).waitFor({ state: 'detached' });
    }
    // Events come in their order: those of what the page did have been heard before this one.
    await ask(
      'mutation ($input: CreateTransactionInput!) { createTransaction(input: $input) { transaction { id } } }',
      { input: { accountId, amount: -1, description: 'Of another program', transactionDate: '2030-01-01' } },
    );
    await rowOf(page, 'Of another program').waitFor();
    expect(seen.counts).toMatchObject({ DeleteTransaction: 3, TransactionList: 4, Account: 4 });
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('on a phone one message stands over the form, and the others behind its number; a problem stays', async () => {
    const { page, context, trouble } = await open(`/accounts/${accountId}`, {
      width: 390,
    });
    const add = async (name: string): Promise<void> => {
      await page.getByLabel(/^Amount/).fill('12');
      await page.getByLabel(/^Description/).fill(name);
      await page.keyboard.press('Enter');
    };
    const messages = page.getByRole('alertdialog');
    await add('Un');
    await messages.filter({ hasText: '“Un” was added' }).waitFor();
    await page.route('**/graphql', (route) =>
      /DeleteTransaction/.test(route.request().postData() ?? '') ? route.abort() : route.fallback(),
    );
    await messages.getByRole('button', { name: 'Undo' }).click();
    const problem = messages.filter({ hasText: 'The server does not answer' });
    await problem.waitFor();
    await page.unroute('**/graphql');
    for (const name of ['Deux', 'Trois', 'Quatre', 'Cinq', 'Six']) await add(name);
    const newest = messages.filter({ hasText: '“Six” was added' });
    await newest.waitFor();
    expect(await problem.isVisible()).toBe(true);
    await expect.poll(() => messages.filter({ visible: true }).count()).toBe(2);

    await newest.getByRole('button', { name: '3 more messages' }).click();
    expect(await messages.filter({ visible: true }).count()).toBe(5);
    await messages.filter({ hasText: '“Quatre”' }).getByRole('button', { name: 'Undo' }).click();
    await rowOf(page, 'Quatre').waitFor({ state: 'detached' });
    await rowOf(page, 'Six').waitFor();
    expect(trouble).toEqual([]);
    await context.close();
  });
});
