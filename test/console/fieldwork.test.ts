import { describe, expect, test, vi } from 'vitest';
import { consoleStage } from '../support/console-stage.js';
import { barriersInBothThemes, hasBrowser } from '../support/console.js';

vi.setConfig({ testTimeout: 180_000 });

/** A photo of one pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe.runIf(hasBrowser)('fieldwork in the console', () => {
  const stage = consoleStage({ roles: ['manager'] });
  const { ask, open } = stage;
  const addClient = async (name: string): Promise<string> =>
    (
      await ask(`mutation ($input: CreateClientInput!) { createClient(input: $input) { client { id } } }`, {
        input: { name, address: '2 quai du Canal, 38000 Grenoble', phone: '06 00 00 00 01' },
      })
    ).createClient.client.id;
  const plan = async (clientId: string, more: object = {}): Promise<string> =>
    (
      await ask(
        `mutation ($input: CreateInterventionInput!) { createIntervention(input: $input) { intervention { id } } }`,
        { input: { clientId, kind: 'REPAIR', scheduledAt: '2026-03-02T08:00:00Z', ...more } },
      )
    ).createIntervention.intervention.id;

  test('a client is added, changed on two screens at once, deleted and taken back', async () => {
    const { page, context, trouble } = await open('/clients');
    await page.getByText('No clients yet').waitFor();
    await page.getByRole('button', { name: 'Add a client' }).first().click();
    await page.getByRole('dialog').getByLabel(/^Name/).fill('Boulangerie du Canal');
    await page.getByRole('dialog').getByLabel('E-mail').fill('not an address');
    await page.getByRole('dialog').getByRole('button', { name: 'Add a client' }).click();
    await page.getByRole('dialog').getByLabel('E-mail').fill('pain@example.org');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/clients\/[\da-f-]{36}/);
    const id = /[\da-f-]{36}/.exec(page.url())![0];
    const elsewhere = await open('/clients');
    const listed = (name: string) => elsewhere.page.getByRole('row').filter({ hasText: name });
    await listed('Boulangerie du Canal').waitFor();
    const clientNow = async () =>
      (await ask(`query ($id: ID!) { client(id: $id) { name email notes version } }`, { id })).client;
    expect(await clientNow()).toMatchObject({ name: 'Boulangerie du Canal', email: 'pain@example.org' });

    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Notes').fill('Mine');
    await ask(`mutation ($input: UpdateClientInput!) { updateClient(input: $input) { client { id } } }`, {
      input: { id, notes: 'Theirs' },
    });
    await page.getByRole('button', { name: 'Save' }).click();
    const stale = page.getByRole('alertdialog', { name: 'Somebody else saved meanwhile' });
    await stale.getByRole('cell', { name: 'Theirs', exact: true }).waitFor();
    expect(await barriersInBothThemes(page)).toEqual([]);
    await stale.getByRole('button', { name: 'Save mine' }).click();
    await stale.waitFor({ state: 'detached' });
    await page.getByText('Mine').waitFor();
    expect(await clientNow()).toMatchObject({ notes: 'Mine' });
    expect(await barriersInBothThemes(page)).toEqual([]);

    // Who only reads hears of it too, on the list and on the page.
    await ask(`mutation ($input: UpdateClientInput!) { updateClient(input: $input) { client { id } } }`, {
      input: { id, name: 'Boulangerie du Port' },
    });
    await listed('Boulangerie du Port').waitFor();
    await page.getByRole('heading', { level: 1, name: 'Boulangerie du Port' }).waitFor();
    await page.getByRole('button', { name: 'Move to the trash' }).click();
    await page.waitForURL(/\/clients$/);
    await elsewhere.page.getByText('No clients yet').waitFor();
    expect(await clientNow()).toBeNull();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('row').filter({ hasText: 'Boulangerie du Port' }).waitFor();
    await listed('Boulangerie du Port').waitFor();
    expect(await clientNow()).not.toBeNull();
    expect(await barriersInBothThemes(page)).toEqual([]);
    expect([...trouble, ...elsewhere.trouble]).toEqual([]);
    await elsewhere.context.close();
    await context.close();
  });

  test('templates of reports change on another screen at once', async () => {
    const { page, context, trouble } = await open('/report-templates');
    await page.getByRole('heading', { level: 1 }).waitFor();
    const { data } = await stage.server.graphql(
      `mutation { createReportTemplate(input: { name: "Fuites" }) { reportTemplate { id } } }`,
      {},
      stage.server.admin.token,
    );
    await page.getByRole('row').filter({ hasText: 'Fuites' }).waitFor();
    const { id } = data.createReportTemplate.reportTemplate;
    await stage.server.graphql(
      `mutation { updateReportTemplate(input: { id: "${id}", name: "Recherches" }) { reportTemplate { id } } }`,
      {},
      stage.server.admin.token,
    );
    await page.getByRole('row').filter({ hasText: 'Recherches' }).waitFor();
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('a card is moved on the board by mouse and by its menu, and on another screen at once', async () => {
    const clientId = await addClient('Résidence des Tilleuls');
    const id = await plan(clientId, { description: 'Remplacer la vanne', latitude: 45.75, longitude: 4.85 });
    const { page, context, trouble } = await open('/interventions?view=board');
    const elsewhere = await open(`/interventions/${id}`);
    await elsewhere.page.getByRole('button', { name: 'Start work' }).waitFor();

    const column = (name: string) => page.getByRole('region', { name, exact: true });
    const card = (name: string) => column(name).getByRole('row').filter({ hasText: 'Remplacer la vanne' });
    await card('Planned').dragTo(column('In progress').getByRole('grid'));
    await card('In progress').waitFor();
    await elsewhere.page.getByRole('button', { name: 'Validate' }).waitFor();
    // No way leads back: the server says why, and the card stays.
    await card('In progress')
      .getByRole('button', { name: /^Actions on/ })
      .click();
    await page.getByRole('menuitem', { name: 'Planned' }).click();
    await page.getByRole('alertdialog').or(page.getByRole('alert')).first().waitFor();
    await card('In progress')
      .getByRole('button', { name: /^Actions on/ })
      .click();
    await page.getByRole('menuitem', { name: 'Validated' }).click();
    await card('Validated').waitFor();
    const { intervention } = await ask(`query ($id: ID!) { intervention(id: $id) { status } }`, { id });
    expect(intervention.status).toBe('VALIDATED');
    expect(await barriersInBothThemes(page)).toEqual([]);
    expect([...trouble, ...elsewhere.trouble]).toEqual([]);
    await elsewhere.context.close();
    await context.close();
  });

  test('work on site is noted: checklist, time, material, photo, signature, and a report of it is made', async () => {
    const id = await plan(await addClient('Martin Lefèvre'));
    const { page, context, trouble } = await open(`/interventions/${id}`);
    const elsewhere = await open(`/interventions/${id}`);
    await elsewhere.page.getByRole('tab', { name: 'Photos and files' }).click();
    await elsewhere.page.getByText('No photos or files yet').waitFor();
    await page.getByLabel('New points, a line for each').fill('Couper l’eau\nMesurer la pression');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('Couper l’eau').click();
    await page.getByText('1 of 2 done').waitFor();
    await page.getByLabel(/^Minutes/).fill('95');
    await page.getByRole('button', { name: 'Note time' }).click();
    await page.getByText('1:35 h').first().waitFor();
    await page.getByLabel(/^What/).fill('Joint 20/27');
    await page.getByLabel('Price of one').fill('1.20');
    await page.getByRole('button', { name: 'Note material' }).click();
    await page.getByText('1 × Joint 20/27').waitFor();

    await page.getByRole('button', { name: 'Sign', exact: true }).click();
    const pad = (await page.locator('canvas').boundingBox())!;
    await page.mouse.move(pad.x + 40, pad.y + 60);
    await page.mouse.down();
    await page.mouse.move(pad.x + 200, pad.y + 110, { steps: 8 });
    await page.mouse.up();
    expect(await barriersInBothThemes(page)).toEqual([]);
    await page.getByRole('button', { name: 'Sign', exact: true }).click();
    const signature = page.getByRole('img', { name: 'Signature of the client' });
    await signature.waitFor();
    await expect.poll(() => page.evaluate(`document.querySelector('figure img')?.naturalWidth > 0`)).toBe(true);

    await page.getByRole('tab', { name: 'Photos and files' }).click();
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Choose files' }).click(),
    ]);
    await chooser.setFiles({ name: 'compteur.png', mimeType: 'image/png', buffer: png });
    await page.getByLabel('Caption').fill('Le compteur');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').first().waitFor();
    const caption = elsewhere.page.getByLabel('Caption');
    await expect.poll(() => caption.inputValue(), { timeout: 20_000 }).toBe('Le compteur');
    // What is typed stays when somebody else writes, and is not saved over it unseen.
    await caption.fill('La fuite');
    await page.getByLabel('Caption').fill('Le compteur d’eau');
    await page.getByRole('button', { name: 'Save' }).click();
    await elsewhere.page.getByRole('img', { name: 'Le compteur d’eau' }).waitFor();
    expect(await caption.inputValue()).toBe('La fuite');
    await elsewhere.page.getByRole('button', { name: 'Save' }).click();
    const stale = elsewhere.page.getByRole('alertdialog', { name: 'Somebody else saved meanwhile' });
    await stale.getByRole('cell', { name: 'Le compteur d’eau' }).waitFor();
    await stale.getByRole('button', { name: 'Keep theirs' }).click();
    await expect.poll(() => caption.inputValue(), { timeout: 20_000 }).toBe('Le compteur d’eau');

    await page.getByRole('tab', { name: /^Reports/ }).click();
    await page.getByRole('button', { name: 'Make a report' }).click();
    await page.getByRole('dialog').getByLabel('Title').fill('Compte rendu');
    await page.getByRole('dialog').getByRole('button', { name: 'Make a report' }).click();
    const download = page.getByRole('link', { name: /^Download PDF/ });
    await download.waitFor({ timeout: 60_000 });
    const [file] = await Promise.all([page.waitForEvent('download'), download.click()]);
    expect(await file.failure()).toBeNull();
    expect(await barriersInBothThemes(page)).toEqual([]);

    const { intervention } = await ask(
      `query ($id: ID!) { intervention(id: $id) { signatoryName workedMinutes partsTotal checklist { isDone }
        media(first: 5) { nodes { description } } reports(first: 5) { nodes { title status } } } }`,
      { id },
    );
    expect(intervention).toMatchObject({
      signatoryName: 'Martin Lefèvre',
      workedMinutes: 95,
      partsTotal: 1.2,
      checklist: [{ isDone: true }, { isDone: false }],
      media: { nodes: [{ description: 'Le compteur d’eau' }] },
      reports: { nodes: [{ title: 'Compte rendu', status: 'GENERATED' }] },
    });
    expect([...trouble, ...elsewhere.trouble]).toEqual([]);
    await elsewhere.context.close();
    await context.close();
  });
});
