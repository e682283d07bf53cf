import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { byteOrderMark, csvOf, defused } from '../../lib/csv.js';
import { CliError, exitCodes, refused } from '../exit-codes.js';
import type { Progress } from '../progress.js';
import { reasonOf } from '../remote.js';
import { type ExportManifest, exportManifestName, filesFolder } from './export-manifest.js';
import { type HashedFile, hashedFile } from './hashed-file.js';
import { type Kind, kinds, pageOperation } from './kinds.js';
import { ask, type Asked, type Asking } from './patient-requests.js';
import { cellOf, type Row, rowOf } from './rows.js';

export interface ExportOptions extends Asking {
  /** Kinds that are wanted; all of them where absent. */
  only: readonly string[] | undefined;
  /** Without the files of documents. */
  withoutFiles: boolean;
  progress: Progress;
}

interface Page {
  page: { nodes: Row[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
}

/** What a page costs goes by what it may hold: a first one that is small is cheap where there is little. */
const firstRows = 10;
const pageRows = 100;

/**
 * Writes all that the person of the token may see: a folder, or a zip where `path` ends so. It takes its name when it
 * is whole. One page of rows is in memory at a time.
 */
export async function writeExport(path: string, options: ExportOptions): Promise<ExportManifest> {
  if (await stat(path).catch(() => undefined)) throw refused(`${path} is there already, and nothing is written over`);
  const partial = `${path}.partial`;
  try {
    await rm(partial, { recursive: true, force: true });
    await mkdir(join(partial, filesFolder), { recursive: true, mode: 0o700 });
    const manifest = await writeAll(partial, options);
    if (path.endsWith('.zip')) {
      options.progress.stage('Packing');
      await zipFolder(partial, `${partial}.zip`, manifest);
      await rename(`${partial}.zip`, path);
      await rm(partial, { recursive: true });
    } else await rename(partial, path);
    return manifest;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    await rm(`${partial}.zip`, { force: true });
    if (options.signal.aborted) throw new CliError('Interrupted; nothing was written', exitCodes.interrupted);
    throw error;
  }
}

async function writeAll(folder: string, options: ExportOptions): Promise<ExportManifest> {
  const { progress, only } = options;
  const { username, version } = await whoAndWhat(options);
  const manifest: ExportManifest = {
    format: 1,
    version,
    exportedAt: new Date().toISOString(),
    exportedBy: username,
    kinds: [],
    documentFiles: { count: 0, sizeBytes: 0 },
    leftOut: [],
    problems: [],
  };
  for (const kind of kinds) {
    if (only && !only.includes(kind.name)) continue;
    progress.stage(kind.name);
    await writeKind(folder, kind, manifest, options);
  }
  await writeFile(join(folder, exportManifestName), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  return manifest;
}

async function whoAndWhat(asking: Asking): Promise<{ username: string; version: string }> {
  const answer = await ask<{ viewer: { username: string } | null }>(asking, '{ viewer { username } }', {});
  const username = 'data' in answer ? answer.data.viewer?.username : undefined;
  if (username === undefined) throw refused('The token stands for nobody: --token or PASSERELLE_TOKEN');
  const response = await fetch(`${asking.remote.url}/health`, { signal: AbortSignal.timeout(10_000) });
  const { version = 'unknown' } = (await response.json().catch(() => ({}))) as { version?: string };
  return { username, version };
}

async function writeKind(folder: string, kind: Kind, manifest: ExportManifest, options: ExportOptions): Promise<void> {
  const lines = { path: `${kind.name}.jsonl`, file: hashedFile(join(folder, `${kind.name}.jsonl`)) };
  const cells = kind.isFlat ? [{ path: `${kind.name}.csv`, file: hashedFile(join(folder, `${kind.name}.csv`)) }] : [];
  let rows = 0;
  let reason: string | undefined;
  for await (const page of pagesOf(kind, options)) {
    if ('refused' in page) {
      reason = page.refused;
      break;
    }
    if (kind.name === 'documents') await withFiles(folder, page.rows, manifest, options);
    await lines.file.write(page.rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    for (const { file } of cells) await writeCells(file, page.rows, { isFirst: rows === 0 });
    rows += page.rows.length;
    options.progress.advance(page.rows.length);
  }
  const files = await Promise.all([lines, ...cells].map(async ({ path, file }) => ({ path, ...(await file.close()) })));
  if (reason === undefined) manifest.kinds.push({ name: kind.name, rows, files });
  else {
    manifest.leftOut.push({ name: kind.name, reason });
    for (const { path } of files) await rm(join(folder, path));
  }
}

/** The rows of a kind, page by page, or why there are none. Throws when a later page is refused. */
export async function* pagesOf(kind: Kind, asking: Asking): AsyncGenerator<{ rows: Row[] } | { refused: string }> {
  const operation = pageOperation(kind);
  let after: string | null = null;
  for (let isFirst = true; ; isFirst = false) {
    const answer: Asked<Page> = await ask<Page>(asking, operation, { first: isFirst ? firstRows : pageRows, after });
    if ('refusal' in answer) {
      if (!isFirst || answer.refusal.code !== 'FORBIDDEN')
        throw new CliError(`${kind.name}: ${answer.refusal.message}`);
      return yield { refused: answer.refusal.message };
    }
    const { nodes, pageInfo }: Page['page'] = answer.data.page;
    yield { rows: nodes.map((node) => rowOf(kind, node)).filter((row) => row !== undefined) };
    if (!pageInfo.hasNextPage) return;
    after = pageInfo.endCursor;
  }
}

/** Amounts are written by the server, and a sign before one stays. */
const isNumber = (cell: string): boolean => /^-?\d+(\.\d+)?$/.test(cell);

async function writeCells(file: HashedFile, rows: readonly Row[], { isFirst }: { isFirst: boolean }): Promise<void> {
  const [row] = rows;
  if (!row) return;
  const head = isFirst ? byteOrderMark + csvOf([Object.keys(row)], { separator: ',' }) : '';
  const cells = rows.map((each) => Object.values(each).map((value) => safe(cellOf(value))));
  await file.write(head + csvOf(cells, { separator: ',' }));
}

const safe = (cell: string): string => (isNumber(cell) ? cell : defused(cell));

/** Fetches the files of documents, and says in each row where its own is. */
async function withFiles(
  folder: string,
  rows: readonly Row[],
  manifest: ExportManifest,
  options: ExportOptions,
): Promise<void> {
  for (const row of rows) {
    const { downloadUrl, contentHash, originalFilename } = row as Record<string, string>;
    delete row['downloadUrl'];
    if (options.withoutFiles) continue;
    const extension = /^\.[a-z0-9]{1,10}$/i.exec(extname(originalFilename ?? ''))?.[0].toLowerCase() ?? '';
    const path = `${filesFolder}/${contentHash}${extension}`;
    row['file'] = path;
    if (await stat(join(folder, path)).catch(() => undefined)) continue;
    const problem = await fetchFile(`${options.remote.url}${downloadUrl}`, join(folder, path), options).then(
      ({ sizeBytes, sha256 }) => {
        manifest.documentFiles.count += 1;
        manifest.documentFiles.sizeBytes += sizeBytes;
        return sha256 === contentHash ? undefined : 'its bytes are not those of its hash';
      },
      (error: Error) => {
        options.signal.throwIfAborted();
        return error.message;
      },
    );
    if (problem !== undefined) manifest.problems.push(`document ${String(row['id'])}: ${problem}`);
  }
}

async function fetchFile(
  url: string,
  path: string,
  { remote, signal }: Asking,
): Promise<{ sizeBytes: number; sha256: string }> {
  const response = await fetch(url, {
    headers: remote.token === undefined ? {} : { authorization: `Bearer ${remote.token}` },
    signal,
  }).catch((error: Error) => {
    throw new Error(`its file cannot be fetched (${reasonOf(error)})`);
  });
  if (!response.ok || !response.body) throw new Error(`the server answers ${response.status} for its file`);
  const file = hashedFile(path);
  for await (const chunk of response.body) await file.write(chunk);
  return file.close();
}

/** Files one after the other, so that memory does not grow with them. */
async function zipFolder(folder: string, path: string, manifest: ExportManifest): Promise<void> {
  const { ZipFile } = await import('yazl');
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  zip.on('error', (error: Error) => output.destroy(error));
  const mtime = new Date(manifest.exportedAt);
  const names = [exportManifestName, ...manifest.kinds.flatMap(({ files }) => files.map((file) => file.path))];
  const documents = await readdir(join(folder, filesFolder));
  for (const name of [...names, ...documents.map((file) => `${filesFolder}/${file}`)])
    zip.addFile(join(folder, name), name, { mtime });
  zip.end();
  await pipeline(output, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
}
