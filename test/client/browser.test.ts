import { existsSync } from 'node:fs';
import { build } from 'esbuild';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Person, startTestServer, type TestServer } from '../support/harness.js';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);

/** What a page does with the client: everything that a browser does otherwise than Node. */
const program = `
  import { createClient, PasserelleError } from './packages/client/src/index.ts';
  import { FollowDocumentsOperation, GetMeOperation, UploadDocumentsOperation } from './packages/client/src/operations.gen.ts';
  import { createKdocsClient } from './packages/client/src/rest/kdocs.ts';

  window.start = async (token) => {
    const url = location.origin;
    const client = createClient({ url, token });
    const { viewer } = await client.query(GetMeOperation);
    const events = client.subscribe(FollowDocumentsOperation);
    window.heard = [];
    (async () => {
      for await (const { documentEvents: event } of events)
        if (event.type === 'DOCUMENT_CREATED') window.heard.push(event.documentId);
    })();
    window.position = () => events.position;
    window.file = async (text) => {
      const files = [new File([text], 'page.txt')];
      const { uploadDocuments } = await client.mutate(UploadDocumentsOperation, { input: { files } });
      return uploadDocuments.results[0].document.id;
    };
    window.refused = () => client.query('{ nothing }').catch((error) => error instanceof PasserelleError && error.code);
    window.titles = async () => {
      const { data } = await createKdocsClient({ url, token }).GET('/documents', { params: { query: { per_page: 5 } } });
      return data.data.map(({ title }) => title);
    };
    return viewer.username;
  };
`;

/** On a machine without Chromium these are not defined; the gate installs it, and insists. */
if (process.env['CI'] || executablePath) {
  let server: TestServer;
  let browser: Browser;
  let person: Person;

  beforeAll(async () => {
    server = await startTestServer();
    person = await server.person();
    browser = await chromium.launch({
      executablePath: executablePath ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        // The page comes from the test, not from an address of this machine, whose sockets it may not open otherwise.
        '--disable-features=LocalNetworkAccessChecks',
      ],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  test('a page asks, changes, files, hears and comes back, without anything of Node in its bundle', async () => {
    const { outputFiles } = await build({
      stdin: { contents: program, resolveDir: '.', loader: 'ts' },
      bundle: true,
      write: false,
      minify: true,
      format: 'iife',
      platform: 'browser',
      target: 'es2022',
      logLevel: 'silent',
    });
    const bundle = outputFiles[0]?.text as string;
    // Without the operations: a program has what it imports.
    expect(bundle.length).toBeLessThan(80_000);

    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await page.route('**/page-of-the-test', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<script>${bundle.replaceAll('</script', '<\\/script')}</script>`,
      }),
    );
    await page.goto(`${server.url}/page-of-the-test`);
    // In the page, whose functions TypeScript does not know.
    const inPage = (call: string): Promise<any> => page.evaluate(call);
    expect(await inPage(`start(${JSON.stringify(person.token)})`)).toBe(person.username);
    expect(await inPage('refused()')).toBe('GRAPHQL_VALIDATION_FAILED');
    await expect.poll(() => inPage('position()')).toBeTruthy();
    const first = await inPage('file("Une page")');
    await expect.poll(() => inPage('heard')).toEqual([first]);
    // Its socket is closed with 4403.
    await server.graphql(
      'mutation ($id: ID!) { assignRole(input: { userId: $id, roleId: 7 }) { user { id } } }',
      { id: person.id },
      server.admin.token,
    );
    const second = await inPage('file("Une autre")');
    await expect.poll(() => inPage('heard'), { timeout: 15_000 }).toEqual([first, second]);
    expect(await inPage('titles()')).toEqual(['page', 'page']);
    expect(problems).toEqual([]);
  });
}
