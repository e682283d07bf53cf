import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { watch } from 'chokidar';
import type { Logger } from 'pino';
import { type DroppedFile, isTemporaryName, listDroppedFiles } from '../../../files/dropped-files.js';
import type { CommandContext } from '../../../kernel/command.js';
import { doneFolder, refusedFolder, takeWatchedFile, type WatchedFileResult } from './take-watched-file.js';

export interface FolderWatchOptions {
  root: string;
  /** The context of the documents' owner; undefined while there is none, and then the files wait. */
  contextFor: () => Promise<CommandContext | undefined>;
  log: Logger;
}

/** A file that was not written to for so long is complete. */
const settleMs = 2_000;
/** Some programs make an empty file first and fill it later. */
const settleEmptyMs = 60_000;
const settlingSweepMs = 500;
/** How often to look without a notice: those of the file system get lost, and network drives have none. */
const sweepMs = 10_000;
const longestRetryMs = 10 * 60_000;
const keepDoneDays = 7;

interface Sighting {
  identity: string;
  /** By our own clock, since that of a network drive may be off. */
  sinceMs: number;
  failures: number;
  notBeforeMs: number;
  /** Left alone until it changes: it was taken in and cannot be moved. */
  isOver: boolean;
}

/**
 * Takes in the files that are dropped into a folder, until it is stopped. Sweeps find them; chokidar only makes that
 * prompt. Files are taken one after the other; several processes may watch the same folder.
 */
export async function watchFolder({
  root,
  contextFor,
  log,
}: FolderWatchOptions): Promise<{ stop: () => Promise<void> }> {
  for (const folder of ['', doneFolder, refusedFolder])
    await mkdir(join(root, folder), { recursive: true, mode: 0o700 });
  const sightings = new Map<string, Sighting>();
  let stopped = false;
  let running: Promise<void> | undefined;
  let again = false;
  let timer: NodeJS.Timeout | undefined;
  let cleanedDay = '';
  let hasOwner = true;

  const look = (file: DroppedFile, nowMs: number): Sighting => {
    const known = sightings.get(file.path);
    if (known?.identity === file.identity) return known;
    const first = { identity: file.identity, sinceMs: nowMs, failures: 0, notBeforeMs: 0, isOver: false };
    sightings.set(file.path, first);
    return first;
  };

  /** Undefined while nobody may own the documents, which the log says once. */
  const contextOfOwner = async (): Promise<CommandContext | undefined> => {
    const ctx = await contextFor();
    if (!ctx && hasOwner)
      log.error(
        'nobody owns what is dropped into the watched folder: set WATCH_OWNER to a person who may file documents',
      );
    hasOwner = ctx !== undefined;
    return ctx;
  };

  const take = async (path: string, sighting: Sighting): Promise<void> => {
    const ctx = await contextOfOwner();
    if (!ctx) return;
    try {
      const result: WatchedFileResult = await takeWatchedFile(ctx, { root, path });
      if (result === 'finished') sighting.isOver = true;
      else sighting.notBeforeMs = performance.now() + settleMs;
    } catch (error) {
      sighting.failures += 1;
      const retryMs = Math.min(2 ** sighting.failures * 1_000, longestRetryMs);
      sighting.notBeforeMs = performance.now() + retryMs;
      log.error({ err: error, path, retryMs }, 'a dropped file could not be taken in; it is tried again');
    }
  };

  /** Returns whether a file is about to be complete. */
  const sweep = async (): Promise<boolean> => {
    const files = await listDroppedFiles(root);
    const present = new Set(files.map(({ path }) => path));
    for (const path of sightings.keys()) if (!present.has(path)) sightings.delete(path);
    let isSettling = false;
    for (const file of files) {
      const nowMs = performance.now();
      const sighting = look(file, nowMs);
      if (sighting.isOver) continue;
      const isSettled = nowMs - sighting.sinceMs >= (file.isEmpty ? settleEmptyMs : settleMs);
      if (isSettled && nowMs >= sighting.notBeforeMs && !stopped) await take(file.path, sighting);
      else isSettling ||= !file.isEmpty;
    }
    return isSettling;
  };

  const run = async (): Promise<void> => {
    let isSettling = false;
    again = false;
    try {
      isSettling = await sweep();
      const today = new Date().toISOString().slice(0, 10);
      if (today !== cleanedDay) await removeOldDays(root);
      cleanedDay = today;
    } catch (error) {
      log.error({ err: error, root }, 'the watched folder could not be read; it is tried again');
    }
    running = undefined;
    plan(isSettling || again ? settlingSweepMs : sweepMs);
  };
  const plan = (ms: number): void => {
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(() => (running ??= run()), ms);
  };

  const watcher = watch(root, {
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (path) => path !== root && isTemporaryName(path.split(/[/\\]/).at(-1) ?? ''),
  });
  watcher.on('all', () => {
    again = true;
    if (!running) plan(settlingSweepMs);
  });
  watcher.on('error', (error) =>
    log.warn({ err: error, root }, 'the file system does not tell of dropped files; they are found by looking'),
  );
  await contextOfOwner();
  plan(0);
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await watcher.close();
      await running;
    },
  };
}

/** What was taken in is safe in the store; its copy stays for a week, for people who look for it. */
async function removeOldDays(root: string): Promise<void> {
  const oldest = new Date(Date.now() - keepDoneDays * 86_400_000).toISOString().slice(0, 10);
  for (const day of await readdir(join(root, doneFolder))) {
    if (/^\d{4}-\d{2}-\d{2}$/.test(day) && day < oldest)
      await rm(join(root, doneFolder, day), { recursive: true, force: true });
  }
}
