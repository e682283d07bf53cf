import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, exitCodes } from '../exit-codes.js';
import type { Progress } from '../progress.js';
import {
  type Importer,
  importers,
  importOperation,
  namesOf,
  references,
  type Resolve,
  RowProblem,
} from './importers.js';
import { kindCalled } from './kinds.js';
import { ask, type Asked, type Asking, askWithFile, type Refusal } from './patient-requests.js';
import { changedFiles, fileOfRow, type Line, linesOf, readExportManifest } from './read-export.js';
import type { Row } from './rows.js';
import { pagesOf } from './write-export.js';

export interface ImportOptions extends Asking {
  /** Says what would be made, and makes nothing. */
  dryRun: boolean;
  /** Issued invoices come in as drafts too. */
  withIssued: boolean;
  progress: Progress;
  /** Told of each row that is not brought in, at once. */
  onProblem: (problem: ImportProblem) => void;
}

export interface ImportProblem {
  /** `tags.jsonl` */
  file: string;
  line: number;
  message: string;
}

export interface ImportedKind {
  kind: string;
  made: number;
  /** Were here already. */
  here: number;
  refused: number;
  /** Stayed out by design. */
  leftOut: number;
}

export interface Imported {
  kinds: ImportedKind[];
  notes: string[];
}

/** How many are here of each key, by a short hash of it; and the id of one, for kinds that others refer to. */
type Index = Map<string, { left: number; id: string | undefined }>;

interface Importing extends ImportOptions {
  folder: string;
  /** Ids here, by kind and name. */
  names: Map<string, Map<string, string>>;
  /** Ids here, by kind and the id in the export. */
  moved: Map<string, Map<string, string>>;
  notes: string[];
  /** What is begun stays. */
  hasMade: boolean;
}

class MissingReference extends RowProblem {
  constructor(
    readonly kind: string,
    name: string,
  ) {
    super(`${kind}: there is no ${name}`);
  }
}

/**
 * Brings an export into a server as the person of the token, by the mutations that the product has: what is there
 * already is not made again, each row is made whole or not at all, and one that is refused keeps no other out.
 */
export async function bringIn(folder: string, options: ImportOptions): Promise<Imported> {
  const manifest = await readExportManifest(folder);
  const notes = manifest ? (await changedFiles(folder, manifest)).map((path) => `${path} was changed since`) : [];
  const state: Importing = { ...options, folder, names: new Map(), moved: new Map(), notes, hasMade: false };
  const done: ImportedKind[] = [];
  try {
    await readReferences(state);
    for (const importer of importers) {
      const isGiven = existsSync(join(folder, `${importer.kind}.jsonl`));
      if (!isGiven && !namesOf[importer.kind]) continue;
      options.progress.stage(isGiven ? importer.kind : `${importer.kind} (here)`);
      const index = await readIndex(importer, state);
      if (index && isGiven) done.push(await importKind(importer, index, state));
    }
    return { kinds: done, notes };
  } catch (error) {
    if (!state.hasMade || !(error instanceof CliError)) throw error;
    throw new CliError(`${error.message}; what was made stays, and the same command goes on`, exitCodes.failed, {
      cause: error,
    });
  }
}

const shortHash = (key: string): string => createHash('sha256').update(key).digest('base64').slice(0, 16);

const mapOf = (maps: Map<string, Map<string, string>>, kind: string): Map<string, string> => {
  const map = maps.get(kind) ?? new Map<string, string>();
  maps.set(kind, map);
  return map;
};

async function readReferences(state: Importing): Promise<void> {
  for (const [kind, { key, ...list }] of Object.entries(references))
    for await (const page of pagesOf({ name: kind, ...list, args: 'orderBy: ID_ASC' }, state))
      if ('rows' in page) for (const row of page.rows) mapOf(state.names, kind).set(key(row), String(row['id']));
}

/** What is here of a kind; undefined, and said, when the person may not see it. */
async function readIndex(importer: Importer, state: Importing): Promise<Index | undefined> {
  const { kind, keys, leavesOut } = importer;
  const index: Index = new Map();
  const nameOf = namesOf[kind];
  const here: Resolve = (of, { id, key = '' }) => String(id ?? state.names.get(of)?.get(key) ?? '');
  for await (const page of pagesOf(kindCalled(kind), state)) {
    if ('refused' in page) {
      state.notes.push(`${kind} stay out: ${page.refused}`);
      return undefined;
    }
    for (const row of page.rows) {
      if (leavesOut?.(row, { withIssued: true }) !== undefined) continue;
      const input = importer.input(row, here);
      const id = nameOf ? String(row['id']) : undefined;
      for (const key of keys({ id: row['id'], ...input }, row).map(shortHash)) {
        const entry = index.get(key);
        if (entry) entry.left += 1;
        else index.set(key, { left: 1, id });
      }
      if (nameOf && id !== undefined) mapOf(state.names, kind).set(nameOf(input), id);
    }
  }
  return index;
}

async function importKind(importer: Importer, index: Index, state: Importing): Promise<ImportedKind> {
  const { kind } = importer;
  const result: ImportedKind = { kind, made: 0, here: 0, refused: 0, leftOut: 0 };
  const tell = ({ number }: Line, message: string): void => {
    result.refused += 1;
    state.onProblem({ file: `${kind}.jsonl`, line: number, message });
  };
  let waiting: Line[] = [];
  const take = async (line: Line): Promise<void> => {
    state.signal.throwIfAborted();
    state.progress.advance(1);
    if (!line.row) return tell(line, line.problem ?? '');
    try {
      result[await importRow(importer, line.row, index, state)] += 1;
    } catch (error) {
      // A tag may come before the one above it.
      if (error instanceof MissingReference && error.kind === kind) waiting.push(line);
      else if (error instanceof RowProblem) tell(line, error.message);
      else throw error;
    }
  };
  for await (const line of linesOf(state.folder, kind)) await take(line);
  for (let before = Infinity; waiting.length > 0 && waiting.length < before;) {
    const again = waiting;
    [before, waiting] = [again.length, []];
    for (const line of again) await take(line);
  }
  for (const line of waiting) tell(line, 'what it refers to is not there');
  return result;
}

async function importRow(
  importer: Importer,
  row: Row,
  index: Index,
  state: Importing,
): Promise<'made' | 'here' | 'leftOut'> {
  if (importer.leavesOut?.(row, state) !== undefined) return 'leftOut';
  const { kind } = importer;
  const file = importer.hasFile ? await fileOfRow(state.folder, row) : undefined;
  const input = importer.input(row, resolverOf(state));
  const keys = importer.keys(input, file ? { ...row, contentHash: file.sha256 } : row).map(shortHash);
  const found = keys.flatMap((key) => index.get(key) ?? []).filter(({ left }) => left > 0);
  for (const entry of found) entry.left -= 1;
  const made = found[0] ? undefined : await make(importer, row, input, file, state);
  const id = made ?? found[0]?.id;
  const nameOf = namesOf[kind];
  if (nameOf && typeof id === 'string') {
    if (row['id'] !== undefined) mapOf(state.moved, kind).set(String(row['id']), id);
    if (!found[0]) mapOf(state.names, kind).set(nameOf(input), id);
  }
  return made === undefined || made === isFiled ? 'here' : 'made';
}

const resolverOf =
  ({ names, moved }: Importing): Resolve =>
  (kind, { id, key }) => {
    const found =
      (id == null ? undefined : moved.get(kind)?.get(String(id))) ??
      (key === undefined ? undefined : names.get(kind)?.get(key));
    if (found === undefined) throw new MissingReference(kind, String(key ?? id));
    return found;
  };

/** Answered for a file that somebody filed meanwhile, or where this person sees no document but the server knows it. */
const isFiled = Symbol('filed');

/** Resolves with the id of what was made. Throws RowProblem with what the server says against it. */
async function make(
  importer: Importer,
  row: Row,
  input: Record<string, unknown>,
  file: { path: string } | undefined,
  state: Importing,
): Promise<string | typeof isFiled> {
  if (state.dryRun) return `new ${importer.kind}`;
  const operation = importOperation(importer);
  const name = typeof row['originalFilename'] === 'string' ? row['originalFilename'] : 'document';
  const answer: Asked<{ done: Done }> = file
    ? await askWithFile(state, operation, input, { path: file.path, name })
    : await ask(state, operation, { input });
  if ('refusal' in answer) throw new RowProblem(answer.refusal.message);
  state.hasMade = true;
  const { done } = answer.data;
  if (Array.isArray(done['results'])) {
    const [result] = done['results'] as FiledFile[];
    if (result?.problem?.reason === 'document.duplicate') return isFiled;
    if (!result?.document) throw new RowProblem(result?.problem?.message ?? 'the server answered nothing');
    return result.document.id;
  }
  return (Object.values(done)[0] as { id: string }).id;
}

interface FiledFile {
  document: { id: string } | null;
  problem: (Refusal & { reason: string | null }) | null;
}

type Done = { results: FiledFile[] } | { [field: string]: { id: string } };
