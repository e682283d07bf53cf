import { createClient } from 'graphql-ws';
import { extractText, getDocumentProxy } from 'unpdf';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';
import { photoBytes } from '../../support/report-content.js';
import { addPhoto, makeVisit, type Visit } from '../../support/reports.js';
import { emptyTrash } from '../../support/tasks.js';

let server: TestServer;
let technician: Person;
let visit: Visit;
/** Added to the clock. */
let laterMs = 0;
beforeAll(async () => {
  server = await startTestServer({ now: () => new Date(Date.now() + laterMs) });
  technician = await server.person({ roles: ['technicien'] });
  visit = await makeVisit(server, technician);
}, 120_000);
afterAll(() => server?.stop());

const report =
  'id status title author template format progress error sizeBytes mimeType fileUrl version document { id title owner { id } }';

async function change(name: string, input: object, by = technician, selection = `report { ${report} }`): Promise<any> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`;
  const { data, errors } = await server.graphql(query, { input }, by.token);
  if (errors) throw Object.assign(new Error(errors[0].message), errors[0].extensions);
  return data[name].report ?? data[name].reportTemplate ?? data[name];
}
const generate = (changes: object = {}, by = technician): Promise<any> =>
  change(
    'generateReport',
    { interventionId: visit.interventionId, kind: 'INSPECTION', waitSeconds: 20, ...changes },
    by,
  );
const read = async (id: string): Promise<any> =>
  (await server.graphql(`query ($id: ID!) { report(id: $id) { ${report} } }`, { id }, server.admin.token)).data.report;
const download = async (id: string): Promise<Buffer> => {
  const response = await fetch(`${server.app.url}/api/rapports/${id}/download`, {
    headers: { authorization: `Bearer ${technician.token}` },
  });
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
};
const textOf = async (pdf: Buffer): Promise<string> => {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: true });
  return text.replace(/\s+/gu, ' ');
};
const eventsOf = (id: string): Promise<{ type: string; data: any }[]> =>
  server.sql("select type, data from events where subject_type = 'Report' and subject_id = ? order by id", [id]);

test('a generated report says what is known of its intervention and is filed as a document of who asked', async () => {
  const { interventionId, inspectionId } = visit;
  await addPhoto(server, visit, { inspectionId, format: 'webp', caption: 'Derrière la cloison' });
  await addPhoto(server, visit, { bytes: Buffer.from('no picture'), caption: 'Illisible' });
  await server.sql(
    `insert into media (intervention_id, kind, status, original_filename, content_key, content_hash, file_size, mime_type)
     values (?, 'audio', 'ready', 'bruit.m4a', 'media/none', 'h', 812000, 'audio/mp4')`,
    [interventionId],
  );
  const made = await generate({
    title: 'Recherche de fuite',
    content: { preconisations: 'Remplacer.', suite: ['A', 'B'] },
  });
  expect(made).toMatchObject({
    status: 'GENERATED',
    format: 'PDF',
    template: 'default',
    progress: 100,
    error: null,
    mimeType: 'application/pdf',
    fileUrl: expect.stringContaining(`/api/rapports/${made.id}/download`),
    document: { title: 'Recherche de fuite', owner: { id: String(technician.id) } },
    version: 3,
  });
  const text = await textOf(await download(made.id));
  for (const part of [
    'Copropriété Les Tilleuls',
    'Détection de fuite (validée)',
    '14 juillet 2026 à 10 h 05, durée 2 h 30',
    'Préconisations Remplacer. Suite A B',
    'Écoute acoustique',
    'Photo 1 – Derrière la cloison 14 juillet 2026 à 10 h 20 48,85661° N',
    'Points de contrôle (1 sur 2)',
    'Karim 2 h 30',
    'Collier DN 20 1,5',
    'En cours, par',
    'Hélène Dupont',
    'Cette photo ne peut pas être lue',
    'bruit.m4a',
  ])
    expect(text).toContain(part);
  const types = (await eventsOf(made.id)).map(({ type }) => type);
  expect(types.filter((type) => type !== 'report.progressed')).toEqual([
    'report.created',
    'report.updated',
    'report.generated',
  ]);

  // The graph leads from the client to the document.
  const { data } = await server.graphql(
    `query ($id: ID!) { intervention(id: $id) { report { id document { id } } reports { totalCount } } }`,
    { id: interventionId },
    technician.token,
  );
  expect(data.intervention).toMatchObject({
    report: { id: made.id, document: { id: made.document.id } },
    reports: { totalCount: 1 },
  });
}, 60_000);

test('media and places are left out where nobody asked for them, or who asked may not see them', async () => {
  const csv = async (changes: object, by = technician): Promise<string> =>
    (await download((await generate({ format: 'CSV', ...changes }, by)).id)).toString();
  expect(await csv({})).toContain('Derrière la cloison');
  expect(await csv({})).toContain('48,856614');
  expect(await csv({ withMedia: false })).not.toContain('Derrière la cloison');
  expect(await csv({ withPlaces: false })).not.toContain('48,856614');
  await server.sql(`insert into roles (name) values ('redacteur')`);
  await server.sql(
    `insert into role_permissions select r.id, p.id from roles r, permissions p where r.name = 'redacteur'
        and p.name in ('reports:write', 'reports:read', 'interventions:read', 'clients:read', 'documents:own')`,
  );
  const writer = await server.person({ roles: ['redacteur'] });
  expect(await csv({}, writer)).not.toContain('Derrière la cloison');
}, 60_000);

describe('what is asked again', () => {
  test('the same id makes one report with one file', async () => {
    const id = '4f1d2c3b-0000-4000-8000-00000000abcd';
    const made = await Promise.all([1, 2, 3].map(() => generate({ id, format: 'CSV' })));
    expect(new Set(made.map((each) => each.id))).toEqual(new Set([id]));
    await expect.poll(async () => (await read(id)).status, { timeout: 20_000 }).toBe('GENERATED');
    const generated = (await eventsOf(id)).filter(({ type }) => type === 'report.generated');
    expect(generated).toHaveLength(1);
    await expect(generate({ id }, server.admin)).rejects.toMatchObject({ code: 'CONFLICT', reason: 'id_taken' });
  }, 60_000);

  test('a file that is made anew takes the place of the one before, whose document goes into the trash', async () => {
    const first = await generate({ format: 'CSV' });
    const again = await change('regenerateReport', { id: first.id, format: 'DOCX', waitSeconds: 20 });
    expect(again).toMatchObject({ id: first.id, status: 'GENERATED', format: 'DOCX' });
    expect(again.document.id).not.toBe(first.document.id);
    const [former] = await server.sql('select deleted_at from documents where id = ?', [first.document.id]);
    expect(former.deleted_at).not.toBeNull();
    expect((await download(first.id)).subarray(0, 2).toString()).toBe('PK');
    await expect(change('regenerateReport', { id: first.id, version: 1 })).rejects.toMatchObject({
      reason: 'stale_version',
    });
  }, 60_000);

  test('run twice at once, or after its end, the job makes one file', async () => {
    const { id } = await change('createReport', { interventionId: visit.interventionId, kind: 'OTHER' });
    await change('regenerateReport', { id, format: 'CSV', waitSeconds: 20 });
    const generationId = 'c0ffee00-0000-4000-8000-000000000001';
    await server.sql(`update reports set status = 'in_progress', generation_id = ?, requested_by_id = ? where id = ?`, [
      generationId,
      technician.id,
      id,
    ]);
    const run = (): Promise<void> => server.services.jobs.run('reports.generate', { reportId: id, generationId });
    await Promise.all([run(), run()]);
    await run();
    expect(await read(id)).toMatchObject({ status: 'GENERATED' });
    expect((await eventsOf(id)).filter(({ type }) => type === 'report.generated')).toHaveLength(2);
    const documents = await server.sql(
      'select count(*)::int as n from documents where deleted_at is null and id in (select document_id from reports where id = ?)',
      [id],
    );
    expect(documents[0].n).toBe(1);
  }, 60_000);
});

describe('what goes wrong', () => {
  const ordered = async (requestedBy: Person): Promise<{ reportId: string; generationId: string }> => {
    const { id: reportId } = await change('createReport', { interventionId: visit.interventionId, kind: 'OTHER' });
    const generationId = 'c0ffee00-0000-4000-8000-000000000002';
    await server.sql(
      `update reports set status = 'in_progress', format = 'csv', generation_id = ?, requested_by_id = ? where id = ?`,
      [generationId, requestedBy.id, reportId],
    );
    return { reportId, generationId };
  };

  test('who has lost their rights meanwhile gets no file', async () => {
    const leaver = await server.person({ roles: ['technicien'] });
    const order = await ordered(leaver);
    await server.sql('delete from role_assignments where user_id = ?', [leaver.id]);
    await server.services.jobs.run('reports.generate', order);
    expect(await read(order.reportId)).toMatchObject({ status: 'FAILED', error: expect.stringContaining('droit') });
    const events = await eventsOf(order.reportId);
    expect(events.at(-1)).toMatchObject({ type: 'report.failed', data: { reason: expect.stringContaining('droit') } });
    // It can be tried again.
    expect(await change('regenerateReport', { id: order.reportId, waitSeconds: 20 })).toMatchObject({
      status: 'GENERATED',
    });
  }, 60_000);

  test('a report that is deleted meanwhile stays without a file, and an order that nobody carries out is closed', async () => {
    const deleted = await ordered(technician);
    await change('deleteReport', { id: deleted.reportId }, technician, 'deletedId');
    await server.services.jobs.run('reports.generate', deleted);
    expect(await server.sql('select document_id from reports where id = ?', [deleted.reportId])).toEqual([
      { document_id: null },
    ]);

    const lost = await ordered(technician);
    await server.services.jobs.run('reports.close_lost', {});
    expect(await read(lost.reportId)).toMatchObject({ status: 'IN_PROGRESS' });
    laterMs = 3 * 3_600_000;
    await server.services.jobs.run('reports.close_lost', {});
    laterMs = 0;
    expect(await read(lost.reportId)).toMatchObject({ status: 'FAILED' });
  });

  test('what is wrong is told at once, and nothing is made', async () => {
    const { code, fields } = await generate({ template: 'nope', title: 'x'.repeat(301), waitSeconds: 21 }).catch(
      (error) => error,
    );
    expect([code, fields.map(({ path, code: what }: any) => [path.at(-1), what])]).toEqual([
      'BAD_USER_INPUT',
      [
        ['template', 'unknown_reference'],
        ['waitSeconds', 'too_large'],
        ['title', 'too_long'],
      ],
    ]);
    await expect(generate({ interventionId: '00000000-0000-0000-0000-000000000000' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

test('a validated report is neither changed, made anew nor deleted; the same is no change', async () => {
  const { id, title, version } = await generate({ format: 'CSV' });
  const validated = await change('updateReport', { id, status: 'VALIDATED', version });
  expect(validated).toMatchObject({ status: 'VALIDATED', version: version + 1 });
  expect(await change('updateReport', { id, title, status: 'VALIDATED' })).toMatchObject({ version: version + 1 });
  const kept = { code: 'BAD_USER_INPUT', reason: 'report.kept' };
  await expect(change('updateReport', { id, title: 'Autre' })).rejects.toMatchObject(kept);
  await expect(change('regenerateReport', { id })).rejects.toMatchObject(kept);
  await expect(change('deleteReport', { id }, technician, 'deletedId')).rejects.toMatchObject(kept);
  await expect(change('updateReport', { id, status: 'DRAFT' })).rejects.toMatchObject({ reason: 'report.transition' });
  expect(await change('updateReport', { id, status: 'ARCHIVED' })).toMatchObject({ status: 'ARCHIVED' });
  await expect(change('deleteReport', { id }, technician, 'deletedId')).rejects.toMatchObject(kept);
}, 60_000);

test('what lies in the trash for 30 days goes, and its document goes into theirs', async () => {
  const { id, document } = await generate({ format: 'CSV' });
  await change('deleteReport', { id }, technician, 'deletedId');
  await emptyTrash(server, 'reports');
  expect(await server.sql('select 1 from reports where id = ?', [id])).toHaveLength(1);
  laterMs = 31 * 86_400_000;
  await emptyTrash(server, 'reports');
  laterMs = 0;
  expect(await server.sql('select 1 from reports where id = ?', [id])).toHaveLength(0);
  const [trashed] = await server.sql('select deleted_at from documents where id = ?', [document.id]);
  expect(trashed.deleted_at).not.toBeNull();
}, 60_000);

describe('templates', () => {
  const manage = (name: string, input: object): Promise<any> =>
    change(name, input, server.admin, 'reportTemplate { id name kind sections accentColour hasLogo }');

  test('give their texts, sections, colour and picture to the reports of their kind', async () => {
    const made = await manage('createReportTemplate', {
      name: 'Attestation',
      kind: 'INSPECTION',
      title: 'Attestation de passage',
      introduction: 'Nous attestons être passés.',
      sections: ['CLOSING', 'SUMMARY'],
      closing: 'Fait pour valoir ce que de droit.',
      accentColour: '#0A6B5C',
    });
    expect(made).toMatchObject({
      name: 'Attestation',
      sections: ['CLOSING', 'SUMMARY'],
      accentColour: '#0a6b5c',
      hasLogo: false,
    });
    const form = new FormData();
    const query =
      'mutation ($logo: Upload, $id: ID!) { updateReportTemplate(input: { id: $id, logo: $logo }) { reportTemplate { hasLogo } } }';
    form.set('operations', JSON.stringify({ query, variables: { id: made.id, logo: null } }));
    form.set('map', JSON.stringify({ 0: ['variables.logo'] }));
    form.set('0', new Blob([await photoBytes(1, { width: 300, height: 90, format: 'png' })]), 'logo.png');
    const { json } = await server.request('POST', '/graphql', {
      token: server.admin.token,
      body: form,
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(json.data.updateReportTemplate).toEqual({ reportTemplate: { hasLogo: true } });

    const { id } = await generate({ template: 'ATTESTATION' });
    const text = await textOf(await download(id));
    expect(text).toMatch(/Attestation de passage.*Nous attestons.*Conclusion Fait pour valoir.*Synthèse/);
    expect(text).not.toContain('Déroulement');
    await expect(generate({ template: 'Attestation', kind: 'MAINTENANCE' })).rejects.toMatchObject({
      fields: [expect.objectContaining({ path: ['input', 'template'], code: 'not_allowed' })],
    });

    const [{ logo_key: key }] = await server.sql('select logo_key from report_templates where id = ?', [made.id]);
    expect(await server.services.store.exists(key)).toBe(true);
    await change('deleteReportTemplate', { id: made.id }, server.admin, 'deletedId');
    expect(await server.services.store.exists(key)).toBe(false);
    expect(await read(id)).toMatchObject({ status: 'GENERATED', template: 'ATTESTATION' });
    // Made anew, it needs one that there is.
    await expect(change('regenerateReport', { id })).rejects.toMatchObject({
      fields: [expect.objectContaining({ path: ['input', 'template'], code: 'unknown_reference' })],
    });
  }, 60_000);

  test('have names of their own, and all that is wrong is told', async () => {
    await manage('createReportTemplate', { name: 'Simple' });
    await expect(manage('createReportTemplate', { name: 'SIMPLE' })).rejects.toMatchObject({
      code: 'CONFLICT',
      reason: 'duplicate',
    });
    const { fields } = await manage('createReportTemplate', {
      name: 'Default',
      accentColour: 'red',
      sections: ['PHOTOS', 'PHOTOS'],
    }).catch((error) => error);
    expect(fields.map(({ path }: any) => path.at(-1)).toSorted()).toEqual(['accentColour', 'name', 'sections']);
    await expect(
      change('createReportTemplate', { name: 'Mien' }, technician, 'reportTemplate { id }'),
    ).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

test('who follows a report hears how its file goes on, and others do not', async () => {
  const { id } = await change('createReport', { interventionId: visit.interventionId, kind: 'OTHER' });
  const client = createClient({
    url: `${server.app.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${technician.token}` },
    retryAttempts: 0,
  });
  const heard: string[] = [];
  const events = client.iterate({
    query: `subscription ($id: ID, $after: Position) { reportEvents(reportId: $id, after: $after) { name interventionId report { status } } }`,
    variables: { id, after: String(server.services.events.newest()) },
  });
  await change('regenerateReport', { id, format: 'CSV', waitSeconds: 20 });
  for await (const { data } of events) {
    const event = (data as any).reportEvents;
    expect(event.interventionId).toBe(visit.interventionId);
    heard.push(event.name);
    if (event.name === 'report.generated') break;
  }
  await client.dispose();
  // The beginning may have been told before.
  expect(heard.filter((name) => name !== 'report.progressed').slice(-2)).toEqual([
    'report.updated',
    'report.generated',
  ]);
}, 60_000);
