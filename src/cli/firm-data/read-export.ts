import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { createInterface } from 'node:readline';
import { refused, wrongUsage } from '../exit-codes.js';
import { type ExportManifest, exportManifestName, exportManifestShape } from './export-manifest.js';
import { RowProblem } from './importers.js';
import type { Row } from './rows.js';

export interface Line {
  number: number;
  /** undefined: it is no row, and `problem` says why. */
  row?: Row;
  problem?: string;
}

const longestLine = 10_000_000;

/** The manifest of a folder; undefined for one that somebody wrote without. Throws for one of a newer format. */
export async function readExportManifest(folder: string): Promise<ExportManifest | undefined> {
  if (!(await stat(folder).catch(() => undefined))?.isDirectory())
    throw wrongUsage(`${folder} is no folder: unpack an export that is a zip first`);
  const path = join(folder, exportManifestName);
  if (!existsSync(path)) return undefined;
  const json: unknown = JSON.parse(await readFile(path, 'utf8'));
  const { format } = (json ?? {}) as { format?: unknown };
  if (format !== 1) throw refused(`${path} is of format ${String(format)}, which this program does not know`);
  const { data, error } = exportManifestShape.safeParse(json);
  if (!data) throw refused(`${path} cannot be read (${error.issues[0]?.path.join('.')})`);
  return data;
}

/** Paths of files that are not, or no longer, as the manifest says. */
export async function changedFiles(folder: string, { kinds }: ExportManifest): Promise<string[]> {
  const changed: string[] = [];
  for (const { path, sha256 } of kinds.flatMap(({ files }) => files))
    if (path.endsWith('.jsonl') && (await hashOf(join(folder, path)).catch(() => undefined)) !== sha256)
      changed.push(path);
  return changed;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Lines of the file of a kind, one at a time; nothing where there is no such file. */
export async function* linesOf(folder: string, kind: string): AsyncGenerator<Line> {
  const path = join(folder, `${kind}.jsonl`);
  if (!existsSync(path)) return;
  let number = 0;
  for await (const text of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    number += 1;
    if (text.trim() !== '') yield { number, ...readLine(text) };
  }
}

function readLine(text: string): Omit<Line, 'number'> {
  if (text.length > longestLine) return { problem: 'it is too long' };
  try {
    const row: unknown = JSON.parse(text.replace(/^\u{feff}/u, ''));
    return typeof row === 'object' && row !== null && !Array.isArray(row)
      ? { row: row as Row }
      : { problem: 'it is no JSON object' };
  } catch {
    return { problem: 'it is no JSON' };
  }
}

/** The file of a document and its SHA-256. Throws RowProblem for one that is not in the folder, or was changed. */
export async function fileOfRow(folder: string, row: Row): Promise<{ path: string; sha256: string }> {
  const { file, contentHash } = row;
  if (typeof file !== 'string') throw new RowProblem('it names no file');
  const path = await realpath(join(folder, file)).catch(() => undefined);
  if (path === undefined) throw new RowProblem(`there is no file ${file}`);
  if (!path.startsWith(`${await realpath(folder)}${sep}`)) throw new RowProblem(`${file} is not in the folder`);
  const sha256 = await hashOf(path);
  if (typeof contentHash === 'string' && contentHash !== sha256)
    throw new RowProblem(`${file} is not what its contentHash says`);
  return { path, sha256 };
}
