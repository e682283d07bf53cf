import type { Page } from 'playwright-core';
import { describe, expect, test, vi } from 'vitest';
import { consoleStage } from '../support/console-stage.js';
import { barriersInBothThemes, hasBrowser, openScreen } from '../support/console.js';
import { makePdf } from '../support/files.js';
import { startTestServer } from '../support/harness.js';

vi.setConfig({ testTimeout: 180_000 });

describe.runIf(hasBrowser)('documents in the console', () => {
  const stage = consoleStage({ roles: ['manager'] });
  const { ask, open } = stage;
  async function file(title: string, lines: readonly string[] = [title]): Promise<string> {
    const body = new FormData();
    body.set('file', new Blob([new Uint8Array(await makePdf(lines))]), `${title}.pdf`);
    const { json } = await stage.server.request('POST', '/kdocs/api/documents/upload', {
      token: stage.person.token,
      body,
    });
    return String(json.results[0].id);
  }
  const factsOf = async (id: string): Promise<any> =>
    (await ask('query ($id: ID!) { document(id: $id) { title revision amount documentDate tags { name } } }', { id }))
      .document;

  /** Drops files anywhere on the page, as from the desktop. */
  const drop = (page: Page, files: readonly { name: string; text: string }[]): Promise<unknown> =>
    page.evaluate(`
      const transfer = new DataTransfer();
      for (const { name, text } of ${JSON.stringify(files)})
        transfer.items.add(new File([text], name, { type: 'text/plain' }));
      for (const type of ['dragenter', 'drop'])
        document.body.dispatchEvent(
          new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }),
        );`);

  test('files that are dropped are filed, told of when they are there already, and found by their words', async () => {
    const { page, context, trouble } = await open('/documents');
    await page.getByText('No documents yet').waitFor();
    await drop(page, [
      { name: 'bail.txt', text: 'Le bail commercial de la rue des Tanneurs' },
      { name: 'devis.txt', text: 'Un devis pour la toiture' },
    ]);
    const panel = page.getByRole('region', { name: 'Uploads' });
    await panel.getByText('2 of 2 uploaded').waitFor();
    await page.getByRole('row', { name: /bail/ }).waitFor();
    await page.getByRole('link', { name: 'Decisions' }).click();
    await page.getByRole('heading', { level: 1, name: 'Decisions' }).waitFor();
    await panel.getByText('2 of 2 uploaded').waitFor();
    await page.goBack();
    await drop(page, [{ name: 'encore.txt', text: 'Un devis pour la toiture' }]);
    await panel.getByText('Filed already').waitFor();
    const { documents } = await ask('{ documents { nodes { id title } } }');
    expect(documents.nodes).toHaveLength(2);
    const lease = documents.nodes.find(({ title }: { title: string }) => title.startsWith('bail'));
    await page.getByRole('combobox', { name: 'Search in documents' }).fill('tanneurs');
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=tanneurs/);
    await page.getByText('1 document', { exact: true }).waitFor();
    await page.locator('mark').getByText('Tanneurs').waitFor();
    expect(await barriersInBothThemes(page)).toEqual([]);
    await page.getByRole('row', { name: /bail/ }).click();
    await page.waitForURL(new RegExp(`/documents/${lease.id}`));
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('two people on one document see each other’s changes, and a stale save shows both versions', async () => {
    const id = await file('Contrat');
    const one = await open(`/documents/${id}`);
    const other = await openScreen(stage.browser, stage.server, stage.server.admin, `/documents/${id}`);
    await one.page.getByRole('img', { name: /Page 1/ }).waitFor();
    await one.page.getByLabel(/^Title/).fill('Contrat de bail');
    await one.page.getByRole('button', { name: 'Save', exact: true }).click();
    await one.page.getByText('Saved.').waitFor();
    await other.page.getByRole('heading', { level: 1, name: 'Contrat de bail' }).waitFor();
    await vi.waitFor(async () => expect(await other.page.getByLabel(/^Title/).inputValue()).toBe('Contrat de bail'));

    await other.page.getByLabel(/^Title/).fill('Bail commercial');
    await one.page.getByLabel('Amount').fill('1250.50');
    await one.page.getByLabel('Amount').blur();
    await one.page.getByLabel(/^Title/).fill('Bail 2026');
    await one.page.getByRole('button', { name: 'Save', exact: true }).click();
    await other.page.getByText('Somebody changed this document while you were editing').waitFor();
    await other.page.getByRole('button', { name: 'Save', exact: true }).click();
    const dialog = other.page.getByRole('dialog', { name: 'Somebody else changed this meanwhile' });
    await dialog.getByText('Bail 2026').waitFor();
    await dialog.getByText('Bail commercial').waitFor();
    expect(await factsOf(id)).toMatchObject({ title: 'Bail 2026', amount: 1250.5, revision: 3 });
    expect(await barriersInBothThemes(other.page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Save what I chose' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await factsOf(id)).toMatchObject({ title: 'Bail commercial', amount: 1250.5, revision: 4 });
    await one.page.getByRole('heading', { level: 1, name: 'Bail commercial' }).waitFor();
    expect([...one.trouble, ...other.trouble]).toEqual([]);
    await one.context.close();
    await other.context.close();
  });

  test('an amount has the decimals of its currency, and keeps those that it has', async () => {
    const id = await file('Reçu');
    const { page, context, trouble } = await open(`/documents/${id}`);
    const [amount, currency] = [page.getByLabel('Amount'), page.getByLabel('Currency')];
    await amount.fill('1250');
    await amount.blur();
    await currency.fill('JPY');
    await expect.poll(() => amount.inputValue()).toBe('1,250');
    await currency.fill('CHF');
    await expect.poll(() => amount.inputValue()).toBe('1,250.00');
    await amount.fill('1250.5');
    await amount.blur();
    await currency.fill('JPY');
    await expect.poll(() => amount.inputValue()).toBe('1,250.5');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved.').waitFor();
    expect(await factsOf(id)).toMatchObject({ amount: 1250.5 });
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('a document is noted on, shared by a link that is shown once, replaced, and taken back from the trash', async () => {
    const id = await file('Attestation');
    await stage.server.graphql(
      'mutation ($input: CreateCustomFieldInput!) { createCustomField(input: $input) { customField { id } } }',
      { input: { name: 'Police', kind: 'TEXT' } },
      stage.server.admin.token,
    );
    const { page, context, trouble } = await open(`/documents/${id}`);
    expect(await barriersInBothThemes(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Notes' }).click();
    await page.getByLabel('New note').fill('À renouveler en juin');
    await page.getByRole('button', { name: 'Add the note' }).click();
    await page.getByRole('listitem').getByText('À renouveler en juin').waitFor();

    await page.getByRole('tab', { name: 'Sharing' }).click();
    await page.getByRole('button', { name: 'New link' }).click();
    await page.getByLabel('Downloads at most').fill('3');
    await page.getByRole('button', { name: 'Make the link' }).click();
    const made = page.getByRole('dialog', { name: 'The link is made' });
    const url = await made.locator('[data-secret]').textContent();
    expect((await stage.server.request('GET', new URL(url ?? '').pathname)).status).toBe(200);
    await made.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('Revoked').waitFor();

    await page.getByRole('tab', { name: 'Versions' }).click();
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose a file' }).click();
    const buffer = await makePdf(['Attestation 2027']);
    await (await chooser).setFiles({ name: 'attestation-2027.pdf', mimeType: 'application/pdf', buffer });
    await page.getByRole('button', { name: 'Make it the present one' }).click();
    await page.getByText('Version 3 is there.').waitFor();
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText('replaced the file').first().waitFor();

    await page.getByRole('tab', { name: 'Facts' }).click();
    await page.getByLabel('Police').fill('AX-12');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved.').waitFor();
    const { document } = await ask(
      'query ($id: ID!) { document(id: $id) { version fields { field { name } value } } }',
      { id },
    );
    expect(document).toEqual({ version: 3, fields: [{ field: { name: 'Police' }, value: 'AX-12' }] });

    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'To the trash' }).click();
    await page.waitForURL(/\/documents$/);
    expect((await ask('query ($id: ID!) { document(id: $id) { id } }', { id })).document).toBeNull();
    await page.goto('/console/trash');
    await page.getByRole('row', { name: /Attestation/ }).waitFor();
    expect(await barriersInBothThemes(page)).toEqual([]);
    await page.getByRole('button', { name: 'Restore' }).click();
    await page.getByText('The trash is empty').waitFor();
    expect((await factsOf(id)).title).toBe('Attestation');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Delete for good' }).click();
    await page
      .getByRole('alertdialog', { name: 'Delete for good?' })
      .getByRole('button', { name: 'Delete for good' })
      .click();
    await page.getByText('“Attestation” is deleted.').waitFor();
    expect(await stage.server.sql('select 1 from documents where id = ?', [id])).toEqual([]);
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('many are changed at once, and a view keeps the list', async () => {
    const ids = [await file('Facture A'), await file('Facture B')];
    const { createTag } = await ask('mutation { createTag(input: { name: "Urgent" }) { tag { id } } }');
    const { page, context, trouble } = await open('/documents?q=facture');
    for (const name of [/Facture A/, /Facture B/]) await page.getByRole('row', { name }).locator('.checkbox').click();
    await page.getByText('2 selected').waitFor();
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit 2 documents' });
    await dialog.getByRole('combobox', { name: 'Put these tags on' }).fill('urg');
    await page.getByRole('option', { name: 'Urgent' }).click();
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('2 documents changed.').waitFor();
    const tags = await Promise.all(ids.map(async (id) => (await factsOf(id)).tags));
    expect(tags).toEqual([[{ name: 'Urgent' }], [{ name: 'Urgent' }]]);

    await page.getByRole('button', { name: /Urgent/ }).click();
    await page.waitForURL(/tags=/);
    await page.getByRole('button', { name: 'Saved views' }).click();
    await page.getByRole('button', { name: 'Save this view' }).click();
    await page.getByLabel('Name of the view').fill('Urgent invoices');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('The view “Urgent invoices” is kept.').waitFor();
    const { savedViews } = await ask('{ savedViews { nodes { name filter { search tagIds } } } }');
    expect(savedViews.nodes).toEqual([
      { name: 'Urgent invoices', filter: { search: 'facture', tagIds: [createTag.tag.id] } },
    ]);
    await page.goto('/console/documents?view=grid');
    await page.getByRole('button', { name: 'Saved views' }).click();
    await page.getByRole('button', { name: 'Urgent invoices', exact: true }).click();
    await page.waitForURL(/q=facture/);
    await page.getByText('2 documents', { exact: true }).waitFor();
    expect(await barriersInBothThemes(page)).toEqual([]);
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('a tag’s rule is tried before it is kept', async () => {
    await file('Relevé', ['Relevé de compte de la Banque du Rhône']);
    const { page, context, trouble } = await openScreen(stage.browser, stage.server, stage.server.admin, '/filing');
    const elsewhere = await open('/filing');
    const listed = (name: string) => elsewhere.page.getByRole('row').filter({ hasText: name });
    await elsewhere.page.getByRole('button', { name: 'Add a tag' }).waitFor();
    await page.getByRole('button', { name: 'Add a tag' }).click();
    await page.getByLabel(/^Name/).fill('Banque');
    await page.getByRole('button', { name: 'Save' }).click();
    await listed('Banque').waitFor();
    await page.getByRole('button', { name: 'Edit Banque' }).click();
    await page.getByRole('button', { name: /Puts itself on/ }).click();
    await page.getByRole('option', { name: /exactly this phrase/ }).click();
    await page.getByLabel(/^Pattern/).fill('banque du rhône');
    await page.getByRole('button', { name: 'Try the rule' }).click();
    await page.getByText(/It fits 1 of your latest/).waitFor();
    expect(await barriersInBothThemes(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('“Banque” is kept.').last().waitFor();
    await listed('banque du rhône').waitFor();
    const { tags } = await ask('{ tags(filter: { search: "Banque" }) { nodes { match matchingAlgorithm } } }');
    expect(tags.nodes).toEqual([{ match: 'banque du rhône', matchingAlgorithm: 'EXACT' }]);
    expect([...trouble, ...elsewhere.trouble]).toEqual([]);
    await elsewhere.context.close();
    await context.close();
  });

  test('who saves what documents are filed by on an old version is shown both', async () => {
    const made = await ask(`mutation {
      createTag(input: { name: "Bail" }) { tag { id } }
      createDocumentType(input: { code: "BAIL", label: "Bail" }) { documentType { id } }
      createCorrespondent(input: { name: "Orpi" }) { correspondent { id } }
      createCustomField(input: { name: "Étage", kind: CHOICE, choices: ["1"] }) { customField { id } } }`);
    const { page, context, trouble } = await openScreen(stage.browser, stage.server, stage.server.admin, '/filing');
    const both = async (tab: string, [was, mine, theirs]: [string, string, string], change: string) => {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('button', { name: `Edit ${was}` }).click();
      await page.getByLabel(/^(Name|Label)/).fill(mine);
      await ask(`mutation { ${change} { __typename } }`);
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      const stale = page.getByRole('alertdialog', { name: 'Somebody else saved meanwhile' });
      await stale.getByRole('cell', { name: theirs, exact: true }).waitFor();
      await stale.getByRole('cell', { name: mine, exact: true }).waitFor();
      if (tab === 'Tags') expect(await barriersInBothThemes(page)).toEqual([]);
      await stale.getByRole('button', { name: 'Save mine' }).click();
      await stale.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: `Edit ${mine}` }).waitFor();
    };
    const { id: tag } = made.createTag.tag;
    await both('Tags', ['Bail', 'Baux', 'Bail rural'], `updateTag(input: { id: ${tag}, name: "Bail rural" })`);
    const { id: type } = made.createDocumentType.documentType;
    const typed = `updateDocumentType(input: { id: ${type}, label: "Bail rural" })`;
    await both('Document types', ['Bail', 'Baux', 'Bail rural'], typed);
    const { id: sender } = made.createCorrespondent.correspondent;
    const sent = `updateCorrespondent(input: { id: ${sender}, name: "Orpi Lyon" })`;
    await both('Correspondents', ['Orpi', 'Orpi Paris', 'Orpi Lyon'], sent);
    const { id: field } = made.createCustomField.customField;
    const fielded = `updateCustomField(input: { id: ${field}, name: "Niveau", choices: ["1", "2"] })`;
    await both('Custom fields', ['Étage', 'Palier', 'Niveau'], fielded);
    const { customField } = await ask(`{ customField(id: ${field}) { name choices version } }`);
    expect(customField).toEqual({ name: 'Palier', choices: ['1'], version: 3 });
    // A stale save is refused as what it is: the browser logs nothing of it.
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('more documents than are counted are said to be about so many, the labels too', async () => {
    const small = await startTestServer({ env: { SEARCH_COUNTED: '10' } });
    try {
      const reader = await small.person({ roles: ['manager'] });
      await small.sql(
        `insert into documents (title, filename, original_filename, content_key, content_hash, file_size, mime_type,
           content, owner_id, document_type_id)
         select 'Facture ' || i, 'f', 'f', 'k', lpad(to_hex(i), 64, '0'), 1, 'text/plain', 'facture', ?, 1
           from generate_series(1, 40) i`,
        [reader.id],
      );
      const { page, context } = await openScreen(stage.browser, small, reader, '/documents?q=facture');
      await page.getByText('About 40 documents').waitFor();
      await page.getByRole('button', { name: /Facture\s*about 40/ }).waitFor();
      await context.close();
    } finally {
      await small.stop();
    }
  });
});
