/**
 * Builds the product: `node scripts/build.mjs [--if-stale] [--only=server|plugin|web|console|client]`.
 *
 *   server   src/ → dist/          tsc, plus the files beside the code that it reads at run time (*.graphql, …); types are
 *                                  checked by `npm run check:types`, which takes five times as long. Then
 *                                  dist/bundled/, the same joined into few files, which is what is run
 *   plugin   packages/plugin/ → dist/plugin-sdk/   the package that plugins are written with
 *   web      web/ → dist/static/   the pages' scripts and styles, GraphiQL with its workers, Redoc, Swagger UI
 *   console  console/ → dist/console/   the web application at /console
 *   client   packages/client/src/ → packages/client/dist/   the client package; only when it is named
 *
 * `--if-stale` skips a part whose inputs are all older than its last build and prints nothing for it; where the
 * packages that build are not installed (`npm ci --omit=dev`), it takes what is in dist/ as it is. A part that fails
 * leaves its stamp as it was, so the next run builds it again; the exit code is then 1.
 */
import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);
const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...path) => join(root, ...path);
const dist = at('dist');
const staticFolder = at('dist/static');

/** Every file and folder below, folders included: deleting a file changes only its folder's time. */
function* walk(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return;
  yield { path, stat };
  if (!stat.isDirectory()) return;
  for (const entry of readdirSync(path)) yield* walk(join(path, entry));
}
const files = (folder) => [...walk(folder)].filter(({ stat }) => stat.isFile()).map(({ path }) => path);

async function compile(project) {
  const tsc = spawn(process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', project], {
    cwd: root,
    stdio: 'inherit',
  });
  const code = await new Promise((resolve, reject) => tsc.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`${project} does not compile`);
}

async function compilePlugin() {
  rmSync(at('dist/plugin-sdk'), { recursive: true, force: true });
  await compile('packages/plugin/tsconfig.json');
  cpSync(at('packages/plugin/package.json'), at('dist/plugin-sdk/package.json'));
}

async function compileServer({ whole }) {
  // Without its notes tsc writes every file again, also one that was lost from dist/.
  if (whole) rmSync(join(dist, '.tsbuildinfo'), { force: true });
  await compile('tsconfig.build.json');

  for (const path of files(at('src'))) {
    if (path.endsWith('.ts')) continue;
    const target = join(dist, relative(at('src'), path));
    mkdirSync(dirname(target), { recursive: true });
    cpSync(path, target);
  }
  // tsc never removes what a deleted source left, and a left-over migration would be run.
  for (const path of files(dist)) {
    const name = relative(dist, path);
    if (/^(\.|(static|console|plugin-sdk|bundled)[\\/])/.test(name)) continue;
    const source = at('src', name);
    const origin = source.replace(/\.js(\.map)?$/, '.ts');
    if (!existsSync(source) && !existsSync(origin)) rmSync(path);
  }
  const { bundleServer } = await import('./bundle-server.mjs');
  await bundleServer(dist);
}

/** With the schema, for generators. */
async function compileClient() {
  const folder = at('packages/client');
  rmSync(join(folder, 'dist'), { recursive: true, force: true });
  await compile('packages/client/tsconfig.json');
  cpSync(at('schema/schema.graphql'), join(folder, 'dist/schema.graphql'));
}

async function bundleWeb() {
  const { build } = await import('esbuild');
  // Built aside and moved in whole: a running server never serves half a bundle.
  const aside = at('dist/.static');
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  const options = {
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    outdir: aside,
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.ttf': 'file' },
    legalComments: 'linked',
    logLevel: 'warning',
  };
  await Promise.all([
    build({ ...options, splitting: true, entryPoints: { graphiql: 'web/graphiql.jsx' } }),
    build({
      ...options,
      entryPoints: {
        'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
        'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
        'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
      },
    }),
    build({
      ...options,
      format: 'iife',
      entryPoints: {
        home: 'web/home.js',
        'core-docs': 'web/core-docs.js',
        'plugin-page': 'web/plugin-page.js',
      },
    }),
    build({ ...options, entryPoints: { styles: 'web/styles.css', 'try-api': 'web/try-api.js' } }),
  ]);

  const redoc = at('node_modules/redoc/bundles/redoc.standalone.js');
  writeFileSync(join(aside, 'redoc.standalone.js'), withOwnChanges(readFileSync(redoc, 'utf8')));
  cpSync(`${redoc}.LICENSE.txt`, join(aside, 'redoc.standalone.js.LICENSE.txt'));
  for (const name of ['swagger-ui-bundle.js', 'swagger-ui-bundle.js.LICENSE.txt', 'swagger-ui.css'])
    cpSync(at('node_modules/swagger-ui-dist', name), join(aside, name));
  cpSync(at('web/favicon.svg'), join(aside, 'favicon.svg'));
  await compressAll(aside);
  rmSync(staticFolder, { recursive: true, force: true });
  renameSync(aside, staticFolder);
}

async function bundleConsole() {
  const { build } = await import('vite');
  const aside = at('dist/.console');
  await build({ configFile: at('console/vite.config.ts'), logLevel: 'warn', build: { outDir: aside } });
  // Each visit's first seconds: the best that Brotli does is a tenth less, for two seconds of the build.
  await compressAll(aside, { quality: 11 });
  rmSync(at('dist/console'), { recursive: true, force: true });
  renameSync(aside, at('dist/console'));
}

/** Beside each file that a browser loads, the same for those that take it compressed: `name.br` and `name.gz`. */
async function compressAll(folder, { quality = 9 } = {}) {
  const wanted = files(folder).filter((path) => /\.(js|css|svg|ttf)$/.test(path));
  await Promise.all(
    wanted.flatMap((path) => {
      const bytes = readFileSync(path);
      const params = { [constants.BROTLI_PARAM_QUALITY]: quality };
      return [
        compressBrotli(bytes, { params }).then((shorter) => writeFileSync(`${path}.br`, shorter)),
        compressGzip(bytes, { level: 9 }).then((shorter) => writeFileSync(`${path}.gz`, shorter)),
      ];
    }),
  );
}

/**
 * Redoc is taken as it is but for an address and a colour. It loads its logo from a CDN: the credit ("API docs by
 * Redocly") stays; for its picture it gets an empty address, and leaves it out. Patterns have a colour that no theme
 * changes, and that is too faint on a dark ground. Fails when one of them is not there exactly once, that is, when
 * Redoc changed.
 */
const redocChanges = [
  ['https://cdn.redoc.ly/redoc/logo-mini.svg', 'data:,'],
  ['#0e7c86', 'inherit'],
];

const withOwnChanges = (source) =>
  redocChanges.reduce((text, [from, to]) => {
    const [before, after, ...more] = text.split(from);
    if (after === undefined || more.length > 0)
      throw new Error(`Redoc changed: look again for ${from}, and for what it loads from other hosts`);
    return `${before}${to}${after}`;
  }, source);

const parts = {
  server: {
    inputs: [
      'src',
      'package-lock.json',
      'tsconfig.json',
      'tsconfig.build.json',
      'scripts/build.mjs',
      'scripts/bundle-server.mjs',
    ],
    run: compileServer,
    says: 'src → dist, dist/bundled',
  },
  plugin: {
    inputs: ['packages/plugin', 'tsconfig.json', 'scripts/build.mjs'],
    run: compilePlugin,
    says: 'packages/plugin → dist/plugin-sdk',
  },
  web: {
    inputs: ['web', 'src/rest/engine/openapi-examples.ts', 'package-lock.json', 'scripts/build.mjs'],
    run: bundleWeb,
    says: 'web → dist/static',
  },
  console: {
    inputs: ['console', 'packages/client/src', 'package-lock.json', 'scripts/build.mjs'],
    run: bundleConsole,
    says: 'console → dist/console',
  },
  client: {
    inputs: ['packages/client/src', 'packages/client/tsconfig.json', 'schema/schema.graphql', 'scripts/build.mjs'],
    run: compileClient,
    says: 'packages/client',
    isAsked: true,
  },
};

const { values } = parseArgs({ options: { 'if-stale': { type: 'boolean' }, only: { type: 'string' } } });
if (values.only !== undefined && !Object.hasOwn(parts, values.only)) {
  console.error(`--only is one of ${Object.keys(parts).join(', ')}, not "${values.only}"`);
  process.exit(2);
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 17)) {
  const brought = 'Linux and Windows on x64, and Linux on arm64, get one with the packages';
  console.error(
    `Passerelle needs Node 22.17 or newer; this is ${process.versions.node}. ${brought}: nodejs.org has the others.`,
  );
  process.exit(1);
}
if (!existsSync(at('node_modules/esbuild')) || !existsSync(at('node_modules/typescript'))) {
  if (values['if-stale'] && existsSync(join(dist, 'bundled/main.js'))) process.exit(0);
  console.error(
    'There is no build in dist/, and the packages that make one are not installed: run npm ci without --omit=dev, or unpack a published build here.',
  );
  process.exit(1);
}

for (const [name, { inputs, run, says, isAsked }] of Object.entries(parts)) {
  if (values.only === undefined ? isAsked : values.only !== name) continue;
  const stamp = join(dist, `.${name}.stamp`);
  const builtAtMs = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const isStale = () => inputs.some((input) => [...walk(at(input))].some(({ stat }) => stat.mtimeMs > builtAtMs));
  if (values['if-stale'] && builtAtMs > 0 && !isStale()) continue;

  const startedAt = new Date();
  try {
    await run({ whole: !values['if-stale'] || builtAtMs === 0 });
  } catch (failure) {
    console.error(`${name} failed: ${failure.message}`);
    process.exit(1);
  }
  // The time of the start: what was saved meanwhile is newer, and built the next time.
  mkdirSync(dist, { recursive: true });
  writeFileSync(stamp, '');
  utimesSync(stamp, startedAt, startedAt);
  console.log(`${name.padEnd(7)} ${says.padEnd(34)} ${((Date.now() - startedAt) / 1000).toFixed(2)} s`);
}
