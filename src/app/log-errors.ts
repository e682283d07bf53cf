import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';

/** A place in a file that was built, as stacks name it. */
const builtPlace = /(?:file:\/\/)?(\/[^\s():]+\.js):(\d+):(\d+)/g;

/** A map takes tens of megabytes, and errors come together. */
const keptMs = 60_000;

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const maps = new Map<string, SourceMap | undefined>();
let forgetting: NodeJS.Timeout | undefined;

/**
 * An error for the log, as pino writes it, with the places of its stack in the sources. Node would do that by
 * `--enable-source-maps`, for a hundred megabytes that it keeps from the start.
 */
export function loggedError(error: Error): unknown {
  return mapped(pino.stdSerializers.err(error));
}

function mapped(logged: unknown): unknown {
  if (typeof logged !== 'object' || logged === null || !('stack' in logged)) return logged;
  const { aggregateErrors } = logged as { aggregateErrors?: unknown[] };
  return {
    ...logged,
    stack: inSources(String(logged.stack)),
    ...(aggregateErrors && { aggregateErrors: aggregateErrors.map(mapped) }),
  };
}

/** The stack with `src/…:line:column` wherever a map beside the built file knows it. */
export const inSources = (stack: string): string =>
  stack.replace(builtPlace, (place, file: string, line: string, column: string) => {
    const entry = mapOf(file)?.findEntry(Number(line) - 1, Number(column) - 1);
    // What was built of packages has a map without sources.
    if (!entry || !('originalSource' in entry) || !entry.originalSource) return place;
    const source = relative(root, resolve(dirname(file), entry.originalSource));
    return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  });

function mapOf(file: string): SourceMap | undefined {
  forgetting ??= setTimeout(() => {
    maps.clear();
    forgetting = undefined;
  }, keptMs).unref();
  if (!maps.has(file)) {
    const path = `${file}.map`;
    const isOwn = file.startsWith(`${root}/dist/`) && existsSync(path);
    maps.set(file, isOwn ? new SourceMap(JSON.parse(readFileSync(path, 'utf8')) as SourceMapPayload) : undefined);
  }
  return maps.get(file);
}
