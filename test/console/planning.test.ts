import { beforeAll, describe, expect, test, vi } from 'vitest';
import { consoleStage } from '../support/console-stage.js';
import { barriersInBothThemes, hasBrowser } from '../support/console.js';
import type { Person } from '../support/harness.js';

vi.setConfig({ testTimeout: 180_000 });

const tiles = 'https://tiles.example.org';

describe.runIf(hasBrowser)('the planning in the console', () => {
  const stage = consoleStage({
    roles: ['manager', 'technicien'],
    env: { MAP_TILES_URL: `${tiles}/{z}/{x}/{y}.png` },
  });
  const { ask, open } = stage;
  let clientId: string;
  beforeAll(async () => {
    const { createClient } = await ask(
      `mutation ($input: CreateClientInput!) { createClient(input: $input) { client { id } } }`,
      { input: { name: 'Boulangerie du Canal', address: '2 quai du Canal, 38000 Grenoble', phone: '06 00 00 00 01' } },
    );
    clientId = createClient.client.id;
  });
  const book = async (startsAt: Date, more: object = {}): Promise<string> =>
    (
      await ask(
        `mutation ($input: CreateAppointmentInput!) { createAppointment(input: $input) { appointment { id } } }`,
        {
          input: {
            clientId,
            startsAt,
            endsAt: new Date(startsAt.valueOf() + 3_600_000),
            technician: stage.person.username,
            ...more,
          },
        },
      )
    ).createAppointment.appointment.id;
  const times = async (id: string): Promise<any> =>
    (await ask(`query ($id: ID!) { appointment(id: $id) { startsAt endsAt status } }`, { id })).appointment;
  const at = (day: string, hour: number): Date => new Date(`${day}T${String(hour).padStart(2, '0')}:00:00`);

  test('an appointment is moved by drag and drop, comes back by undo, and stays out of another one', async () => {
    const first = await book(at('2027-03-03', 9));
    await book(at('2027-03-03', 14), { notes: 'Autre' });
    const { page, context, trouble } = await open('/planning?view=day&date=2027-03-03');
    const elsewhere = await open(`/planning/${first}`);
    await elsewhere.page.getByText(/9:00/).first().waitFor();
    const entry = page.getByText(/Boulangerie/).first();
    await entry.waitFor();
    const slot = (hour: number) => page.locator('.planning-calendar').getByText(`${hour}:00`, { exact: true });
    const dragTo = async (hour: number) => {
      const from = (await entry.boundingBox())!;
      const to = (await slot(hour).boundingBox())!;
      await page.mouse.move(from.x + 30, from.y + 4);
      await page.mouse.down();
      await page.mouse.move(from.x + 30, from.y + 20, { steps: 3 });
      await page.mouse.move(from.x + 30, to.y + 8, { steps: 12 });
      await page.mouse.up();
    };
    await dragTo(11);
    await page.getByText(/^Moved to/).waitFor();
    const moved = await times(first);
    expect(new Date(moved.startsAt).getHours()).toBeGreaterThan(9);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect
      .poll(async () => new Date((await times(first)).startsAt), { timeout: 20_000 })
      .toEqual(at('2027-03-03', 9));
    expect(await barriersInBothThemes(page)).toEqual([]);
    expect([...trouble, ...elsewhere.trouble]).toEqual([]);
    await elsewhere.context.close();
    await context.close();
  });

  test('what overlaps in a week stands side by side, is read whole by the keyboard, and counts what has no room', async () => {
    for (const team of [1, 2, 3, 4, 5])
      await book(new Date(at('2027-04-06', 10).valueOf() + team * 60_000), { technician: `Équipe ${team}` });
    const { page, context, trouble } = await open('/planning?view=week&date=2027-04-06');
    const calendar = page.getByRole('region', { name: 'Calendar' });
    const entries = calendar.getByRole('button', { name: /Équipe/ });
    const others = calendar.getByRole('button', { name: '+2' });
    await others.waitFor();
    const boxes = await Promise.all(
      [...(await entries.all()), others].map(async (each) => (await each.boundingBox())!),
    );
    boxes.sort((one, other) => one.x - other.x);
    expect(boxes).toHaveLength(4);
    for (const [place, { x }] of boxes.entries())
      if (place > 0) expect(x).toBeGreaterThanOrEqual(boxes[place - 1]!.x + boxes[place - 1]!.width - 1);

    expect(await barriersInBothThemes(page)).toEqual([]);

    await entries.first().focus();
    await page.keyboard.press('Tab');
    const second = calendar.getByRole('button', { name: /Équipe 2/ });
    await expect.poll(async () => (await second.boundingBox())!.width).toBeGreaterThan(boxes[1]!.width * 2);
    await others.click();
    await page
      .getByRole('dialog')
      .getByText(/Équipe 5/)
      .waitFor();
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('the team’s day has a column for each of them: a drop there is whose it is, and not where they are taken', async () => {
    const other = await stage.server.person({ roles: ['technicien'] });
    const mine = await book(at('2027-03-10', 9));
    await book(at('2027-03-10', 14), { technician: other.username, notes: 'Autre' });
    const { page, context, trouble } = await open('/planning?view=team&date=2027-03-10');
    const column = (who: Person) =>
      page.locator('.planning-calendar').getByText(`Person ${who.username.slice(6)}`, { exact: true });
    const slot = (hour: number) => page.locator('.planning-calendar').getByText(`${hour}:00`, { exact: true });
    const entry = page.locator('.entry').filter({ hasText: '09:00' });
    await entry.waitFor();
    const dragTo = async (who: Person, hour: number) => {
      const from = (await entry.boundingBox())!;
      const across = (await column(who).boundingBox())!;
      const down = (await slot(hour).boundingBox())!;
      await page.mouse.move(from.x + 30, from.y + 8);
      await page.mouse.down();
      await page.mouse.move(from.x + 30, from.y + 24, { steps: 3 });
      await page.mouse.move(across.x + across.width / 2, down.y + 10, { steps: 12 });
      await page.mouse.up();
    };
    const now = async (): Promise<any> =>
      (await ask('query ($id: ID!) { appointment(id: $id) { startsAt technicianUser { username } } }', { id: mine }))
        .appointment;
    // Taken: it goes back by itself, and nothing is asked of the server.
    await dragTo(other, 14);
    await expect.poll(() => entry.count()).toBe(1);
    expect(await now()).toMatchObject({ technicianUser: { username: stage.person.username } });
    await dragTo(other, 11);
    await page.getByText(/^Moved to/).waitFor();
    const moved = await now();
    expect(moved.technicianUser.username).toBe(other.username);
    expect(new Date(moved.startsAt).toDateString()).toBe(at('2027-03-10', 9).toDateString());
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect
      .poll(async () => (await now()).technicianUser.username, { timeout: 20_000 })
      .toBe(stage.person.username);
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('a slot is checked while one types, by the keyboard alone, and a conflict is refused', async () => {
    await book(at('2027-04-07', 9));
    const { page, context, trouble } = await open('/planning?view=week&date=2027-04-07&add=new');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Client' }).fill('Boul');
    await page.getByRole('option', { name: /Boulangerie/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await dialog.getByRole('combobox', { name: 'Technician' }).fill(stage.person.username);
    await page.keyboard.press('Tab');
    await dialog.getByText('This collides with another appointment.').waitFor();
    expect(await barriersInBothThemes(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Add an appointment' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByRole('spinbutton', { name: /^hour,? .*Begins/i }).focus();
    await page.keyboard.type('15');
    await dialog.getByText('This time is free.').waitFor();
    await dialog.getByRole('button', { name: 'Add an appointment' }).click();
    await page.getByText('The appointment stands in the planning.').waitFor();
    const { appointments } = await ask(
      `query ($filter: AppointmentFilter) { appointments(first: 5, filter: $filter, orderBy: STARTS_AT_ASC) {
        nodes { startsAt } } }`,
      { filter: { startsAfter: at('2027-04-07', 0), startsBefore: at('2027-04-08', 0) } },
    );
    expect(appointments.nodes.map(({ startsAt }: any) => new Date(startsAt).getHours())).toEqual([9, 15]);
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('the month and the agenda are shown; feeds are made and revoked', async () => {
    const { page, context, trouble } = await open('/planning?view=month&date=2027-03-03');
    await page
      .getByText(/Boulangerie/)
      .first()
      .waitFor();
    await page.getByRole('radio', { name: 'Agenda' }).click();
    await page.waitForURL(/view=agenda/);
    await page
      .getByText(/Boulangerie/)
      .first()
      .waitFor();
    await page.getByRole('list', { name: 'What the colours mean' }).getByRole('listitem').first().waitFor();
    await page.getByRole('button', { name: 'Calendar feeds' }).click();
    await page.getByRole('button', { name: 'Make a feed' }).click();
    const { pathname, search } = new URL(await page.getByLabel('Address of the feed').inputValue());
    const address = `${stage.server.url}${pathname}${search}`;
    expect((await fetch(address)).status).toBe(200);
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('The feed is revoked.').waitFor();
    expect((await fetch(address)).status).toBe(404);
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('the technician’s day on a phone: work begins, is signed by typing, and ends', async () => {
    const { createIntervention } = await ask(
      `mutation ($input: CreateInterventionInput!) { createIntervention(input: $input) { intervention { id } } }`,
      { input: { clientId, kind: 'DETECTION', scheduledAt: at('2027-05-04', 8), technician: stage.person.username } },
    );
    const { id } = createIntervention.intervention;
    await book(at('2027-05-04', 8), { interventionId: id });
    const { page, context, trouble } = await open('/today?date=2027-05-04', { width: 390, hasTouch: true });
    await page.getByRole('link', { name: 'Directions' }).waitFor();
    expect(await page.getByRole('link', { name: 'Directions' }).getAttribute('href')).toMatch(/^geo:/);
    expect(await page.getByRole('link', { name: 'Call' }).getAttribute('href')).toBe('tel:0600000001');
    await page.getByRole('button', { name: 'Start work' }).tap();
    await page.getByRole('button', { name: 'Work is done' }).waitFor();
    await page.getByRole('button', { name: 'Signature' }).tap();
    await page
      .getByRole('dialog')
      .getByLabel(/^Name of who signs/)
      .fill('Mme Durand');
    await page.getByRole('dialog').getByRole('button', { name: 'Sign', exact: true }).tap();
    await page.getByRole('button', { name: 'Signed by Mme Durand' }).waitFor();
    await page.getByRole('button', { name: 'Work is done' }).tap();
    await page.getByText('Validated', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Appointment is over' }).tap();
    await page.getByText('The appointment is over.').waitFor();
    // What nobody made an appointment of stands in the day as well.
    await ask(
      `mutation ($input: CreateInterventionInput!) { createIntervention(input: $input) { intervention { id } } }`,
      {
        input: { clientId, kind: 'INSPECTION', scheduledAt: at('2027-05-04', 14), technician: stage.person.username },
      },
    );
    const without = page.getByRole('listitem').filter({ hasText: 'Planned without an appointment' });
    await without.getByRole('link', { name: 'Make an appointment' }).tap();
    const form = page.getByRole('dialog', { name: 'Add an appointment' });
    await expect
      .poll(
        () =>
          form
            .getByLabel(/^Client/)
            .first()
            .inputValue(),
        { timeout: 20_000 },
      )
      .toBe('Boulangerie du Canal');
    await page.goBack();
    await without.getByRole('button', { name: 'Start work' }).tap();
    await without.getByRole('button', { name: 'Work is done' }).waitFor();
    await without.getByRole('link', { name: 'Call' }).waitFor();
    expect(await barriersInBothThemes(page)).toEqual([]);
    // From the top of its page to the report of it, all of which is within the window.
    await page.getByRole('link', { name: 'All about it' }).first().tap();
    await page.getByRole('link', { name: 'To the reports' }).tap();
    await page.getByRole('button', { name: 'Make a report' }).tap();
    await page.getByRole('dialog').getByRole('button', { name: 'Make a report' }).tap();
    await page.getByRole('link', { name: /^Download PDF/ }).waitFor();
    const { x = 0, width = 0 } = (await page.getByRole('button', { name: /^Remove: / }).boundingBox()) ?? {};
    expect(x + width).toBeLessThanOrEqual(390);
    await page.goBack();
    await page.goBack();
    const { intervention } = await ask(
      `query ($id: ID!) { intervention(id: $id) { status signatoryName appointment { status } } }`,
      { id },
    );
    expect(intervention).toEqual({
      status: 'VALIDATED',
      signatoryName: 'Mme Durand',
      appointment: { status: 'DONE' },
    });
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(await barriersInBothThemes(page)).toEqual([]);
    expect(trouble).toEqual([]);
    await context.close();
  });

  test('the map takes tiles from the address of the operator, and from no other host', async () => {
    await ask(
      `mutation ($input: CreateInterventionInput!) { createIntervention(input: $input) { intervention { id } } }`,
      { input: { clientId, kind: 'OTHER', scheduledAt: at('2027-05-05', 8), latitude: 45.75, longitude: 4.85 } },
    );
    const { page, context, trouble } = await open('/interventions?view=map');
    await page.route(`${tiles}/**`, (route) => route.fulfill({ status: 200, contentType: 'image/png', body: '' }));
    await page.reload();
    await expect
      .poll(() => trouble.some((line) => line.startsWith(`foreign: ${tiles}/`)), { timeout: 20_000 })
      .toBe(true);
    expect(trouble.filter((line) => !line.startsWith(`foreign: ${tiles}/`))).toEqual([]);
    const policyOf = async (path: string) =>
      (await fetch(`${stage.server.url}${path}`)).headers.get('content-security-policy') ?? '';
    expect(await policyOf('/console/')).toContain(`img-src 'self' data: ${tiles}`);
    expect(await policyOf('/')).not.toContain(tiles);
    await context.close();
  });
});
