/**
 * Joins the compiled server and its packages into a few files, which dist/bundled/main.js and cli.js run: a start
 * then reads ten files where it read 4,500, which was half of its time.
 *
 * What runs in a thread or a process of its own is started from the compiled files beside it in dist/.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { build, transform } from 'esbuild';

/** They load files beside them, come compiled for a machine, or are needed by few requests and loaded then. */
const apart = [
  '@aws-sdk/*',
  '@electric-sql/pglite',
  '@napi-rs/canvas',
  '@node-rs/argon2',
  'class-validator',
  'docx',
  'exifr',
  'factur-x-kit',
  'isomorphic-git',
  'mammoth',
  'mediabunny',
  'nodemailer',
  'pdfkit',
  'pg-native',
  'qrcode',
  'redis',
  'sharp',
  'tar',
  'timezones-ical-library',
  'undici',
  'unpdf',
  'write-excel-file',
  'yazl',
];

/** Decorators need it before any other module; a bundle does not keep that order by itself. */
const first = 'reflect-metadata';

/**
 * The lines of packages are not looked up in their sources: their maps would take 100 MB of the server's memory as soon
 * as an error is shown. Its one place is far beyond each line's end, since esbuild passes over a map without any.
 */
const noMap = Buffer.from(JSON.stringify({ version: 3, sources: [''], mappings: 'gggggBAAA' })).toString('base64');

export async function bundleServer(dist) {
  const folder = join(dist, 'bundled');
  const aside = join(dist, '.bundled');
  await rm(aside, { recursive: true, force: true });
  const { metafile } = await build({
    entryPoints: { server: join(dist, 'main.js'), cli: join(dist, 'cli.js') },
    outdir: aside,
    bundle: true,
    splitting: true,
    // Beside the entries: every file is as deep as the next, for the addresses below.
    chunkNames: '[name]-[hash]',
    platform: 'node',
    format: 'esm',
    target: 'node22',
    // The names of classes are the names of entities and of errors; see `nameWhatIsRenamed`.
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    external: [first, ...apart],
    banner: {
      js: `import '${first}'; import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`,
    },
    metafile: true,
    logLevel: 'warning',
    plugins: [ownAddresses(dist, aside), unmappedPackages],
  });
  refuseLazyCommonJs(metafile.inputs);
  await nameWhatIsRenamed(metafile.outputs);
  await escapeWideCharacters(metafile.outputs);
  await writeFile(join(aside, 'main.js'), entry);
  await rm(folder, { recursive: true, force: true });
  await rename(aside, folder);
  await compileAhead(folder);
}

/**
 * What V8 has compiled is kept beside the code, where only whoever may change the code may write: a start then takes a
 * fifth less. Where nothing can be written, the start compiles what is not there.
 *
 * V8 makes objects among the old ones at once when others from the same place lived long. Here those of the start stay
 * and those of a request don't: a thirteenth of what each request made would go on to the old ones, with all that it
 * refers to, and collecting that would take a third of the processor's time for a read by id. It is to be said before
 * any code runs.
 */
const entry = `import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--no-allocation-site-pretenuring');
enableCompileCache({ directory: fileURLToPath(new URL('compiled', import.meta.url)), portable: true });
await import('./server.js');
`;

/** A start that ends when it finds no database has compiled most of what the next one needs. */
async function compileAhead(folder) {
  const secret = 'only to compile '.repeat(3);
  const data = await mkdtemp(join(tmpdir(), 'passerelle-build-'));
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: 'postgres://127.0.0.1:1/none',
    DATA_DIR: data,
    JWT_SECRET: secret,
    ENCRYPTION_KEY: secret,
  };
  const server = spawn(process.execPath, [join(folder, 'main.js')], { env, stdio: 'ignore' });
  await once(server, 'close');
  await rm(data, { recursive: true, force: true });
}

/** A module's own address stays that of its compiled file, from which it finds workers and other files. */
const ownAddresses = (dist, folder) => ({
  name: 'own-addresses',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.js$/ }, async ({ path }) => {
      if (!path.startsWith(dist)) return undefined;
      const text = await readFile(path, 'utf8');
      if (!text.includes('import.meta.url')) return undefined;
      const address = `new URL(${JSON.stringify(relative(folder, path).replaceAll('\\', '/'))}, import.meta.url).href`;
      return { contents: text.replaceAll('import.meta.url', address), loader: 'js' };
    }),
});

/** In a bundle an `import()` of CommonJS has no names but `default`, where Node finds them: such a package stays apart. */
function refuseLazyCommonJs(inputs) {
  for (const [path, { imports }] of Object.entries(inputs)) {
    if (path.includes('node_modules/')) continue;
    for (const { kind, path: target } of imports)
      if (kind === 'dynamic-import' && inputs[target]?.format === 'cjs')
        throw new Error(`${path} imports ${target} when it needs it, which is CommonJS: it belongs to those apart`);
  }
}

/**
 * esbuild gives every function its name as often as it is made, which for those that a request makes is a tenth of its
 * memory. Classes and functions that the bundle has renamed get theirs; those written as arrows, and the others, have
 * none to lose or have it already.
 */
async function nameWhatIsRenamed(outputs) {
  const named = 'var __name = (target, value) => __defProp(target, "name", { value, configurable: true });';
  const seldom = named.replace('=> ', '=> !("prototype" in target) || target.name === value ? target : ');
  let replaced = 0;
  for (const path of Object.keys(outputs).filter((name) => name.endsWith('.js'))) {
    const text = await readFile(path, 'utf8');
    if (!text.includes(named)) continue;
    await writeFile(path, text.replace(named, seldom));
    replaced += 1;
  }
  if (replaced !== 1) throw new Error(`esbuild's naming of functions was found ${replaced} times`);
}

/** Without their comments, a tenth of what a start reads. */
const unmappedPackages = {
  name: 'unmapped-packages',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), { minifyWhitespace: true });
      return { contents: `${code}\n//# sourceMappingURL=data:application/json;base64,${noMap}`, loader: 'js' };
    }),
};

/**
 * Node holds the text of a file with one character beyond ASCII at two bytes a character. esbuild escapes those of
 * strings; in templates and regular expressions an escape says the same, and what is taken raw becomes a string.
 */
async function escapeWideCharacters(outputs) {
  for (const path of Object.keys(outputs).filter((name) => name.endsWith('.js'))) {
    const text = (await readFile(path, 'utf8')).replace(rawTemplate, (whole, raw) =>
      wide.test(raw) ? JSON.stringify(raw) : whole,
    );
    const left = text.match(/String\.raw`[^`]*[^\0-\x7F][^`]*`/);
    if (left) throw new Error(`${path} takes characters beyond ASCII raw: ${left[0].slice(0, 200)}`);
    await writeFile(path, text.replace(allWide, escaped));
  }
}

/** Without a substitution. */
const rawTemplate = /String\.raw`((?:[^`\\$]|\\[^]|\$(?!\{))*)`/g;
const wide = /[^\0-\x7F]/;
const allWide = new RegExp(wide, 'g');

const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
