/**
 * The process of a plugin. It talks to the server over descriptor 3, in frames of a length (4 bytes) and JSON, and
 * reads and writes it by plain `fs` calls: there is no socket in the process that a plugin could find and take apart.
 * It has no say in when it ends: whatever it calls, the server kills it.
 *
 * Run from source, this file is loaded by Node itself, which strips types but resolves no `./x.js` to `./x.ts`: import
 * packages and `import type` only, and the neighbours by their address.
 */
import { read, writeSync } from 'node:fs';
import type { FromPlugin, ToPlugin } from '../messages.js';
import type { PluginViewer } from '../plugin-process.js';
import type * as TakeAway from './take-away.js';

type Call = Extract<ToPlugin, { t: 'call' }>;
/** Of `packages/plugin/src/runtime.ts`, which is a package of its own. */
interface Runtime {
  describePlugin: (definition: unknown) => unknown;
  runCall: (definition: unknown, call: Call['call'], api: unknown) => Promise<unknown>;
  makeApi: (
    ask: (op: string, value: unknown) => Promise<unknown>,
    context: {
      viewer: PluginViewer;
      signal: AbortSignal;
      log: Record<string, (line: string, details?: object) => void>;
    },
  ) => unknown;
}
type Ended = Extract<ToPlugin, { t: 'reply' }>;

const channel = 3;
const longestLine = 4_000;
const linesASecond = 100;
const { stringify, parse } = JSON;
const exit = process.exit.bind(process);
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

const calls = new Map<number, AbortController>();
const asked = new Map<number, (reply: Ended) => void>();
let nextRequest = 1;
let runtime: Runtime;
let definition: unknown;

function send(message: FromPlugin): void {
  const json = Buffer.from(stringify(message));
  const frame = Buffer.allocUnsafe(4 + json.length);
  frame.writeUInt32BE(json.length);
  json.copy(frame, 4);
  for (let sent = 0; sent < frame.length;) sent += writeSync(channel, frame, sent);
}

/** Tells why it is over and waits to be killed: an ordinary exit would wait for the read under way. */
function over(reason: string): never {
  send({ t: 'broken', reason: reason.slice(0, longestLine) });
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

const wordsOf = (error: unknown): string => {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : `Threw ${String(error)}`;
  } catch {
    return 'Threw what can’t be shown';
  }
};

let linesLeft = linesASecond;
let dropped = 0;
function log(level: 'debug' | 'info' | 'warn' | 'error', message: string, details?: object, call?: number): void {
  if (linesLeft-- <= 0) return void (dropped += 1);
  const shown = details === undefined ? undefined : stringify(details)?.slice(0, longestLine);
  const line = { t: 'log', level, message: String(message).slice(0, longestLine) } as const;
  send({ ...line, ...(shown && { details: shown }), ...(call !== undefined && { call }) });
}

function ask(call: number, op: string, value: unknown): Promise<unknown> {
  const id = nextRequest++;
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  asked.set(id, (reply) => {
    asked.delete(id);
    if (reply.error === undefined) resolve(reply.value);
    else reject(new Error(reply.error));
  });
  try {
    send({ t: 'request', id, call, op, value: value ?? null });
  } catch (error) {
    asked.delete(id);
    reject(error);
  }
  return promise;
}

async function answer({ id, call }: Call): Promise<void> {
  const controller = new AbortController();
  calls.set(id, controller);
  try {
    const api = runtime.makeApi((op, value) => ask(id, op, value), {
      viewer: 'viewer' in call ? call.viewer : { id: null, permissions: [] },
      signal: controller.signal,
      log: {
        debug: (message, details) => log('debug', message, details, id),
        info: (message, details) => log('info', message, details, id),
        warn: (message, details) => log('warn', message, details, id),
        error: (message, details) => log('error', message, details, id),
      },
    });
    const value = await runtime.runCall(definition, call, api);
    send({ t: 'result', id, value: value ?? null });
  } catch (error) {
    const { name, code, fields } = error as { name?: string; code?: string; fields?: readonly unknown[] };
    const refusal = name === 'PluginRefusal' && code !== undefined ? { code, fields: fields ?? [] } : undefined;
    const message = refusal ? (error as Error).message : wordsOf(error);
    const stack = refusal || !(error instanceof Error) ? undefined : String(error.stack).slice(0, longestLine);
    send({ t: 'failed', id, message: String(message).slice(0, longestLine), ...(refusal && { refusal }), stack });
  } finally {
    calls.delete(id);
  }
}

async function start({ folder, main, sdk }: Extract<ToPlugin, { t: 'start' }>): Promise<void> {
  const { takeAway, guardImports, mainOf } = (await import(
    new URL(`take-away.${extension}`, import.meta.url).href
  )) as typeof TakeAway;
  guardImports({ folder, sdk, host: import.meta.url });
  runtime = (await import(new URL(`runtime.${extension}`, sdk).href)) as Runtime;
  takeAway({ log, exit: (code) => over(`Called process.exit(${String(code ?? '')})`) });
  const plugin = (await import(mainOf(folder, main))) as { default?: unknown };
  definition = plugin.default;
  send({ t: 'ready', contribution: runtime.describePlugin(definition) });
}

function take(message: ToPlugin): void {
  switch (message.t) {
    case 'start':
      return void start(message).catch((error: unknown) => over(wordsOf(error)));
    case 'call':
      return void answer(message);
    case 'cancel':
      return calls.get(message.id)?.abort();
    case 'reply':
      return asked.get(message.id)?.(message);
    case 'ping':
      return send({ t: 'pong', n: message.n });
  }
}

const chunk = Buffer.allocUnsafe(65_536);
let kept = Buffer.alloc(0);
function listen(): void {
  read(channel, chunk, 0, chunk.length, null, (error, length) => {
    // The server is gone.
    if (error || length === 0) return exit(0);
    kept = kept.length ? Buffer.concat([kept, chunk.subarray(0, length)]) : Buffer.from(chunk.subarray(0, length));
    let at = 0;
    while (kept.length - at >= 4 && kept.length - at - 4 >= kept.readUInt32BE(at)) {
      const end = at + 4 + kept.readUInt32BE(at);
      const text = kept.toString('utf8', at + 4, end);
      at = end;
      take(parse(text) as ToPlugin);
    }
    kept = kept.subarray(at);
    listen();
  });
}

process.on('uncaughtException', (error) => over(`Threw outside of any call: ${wordsOf(error)}`));
setInterval(() => {
  linesLeft = linesASecond;
  if (dropped) log('warn', `${dropped} more lines within a second were dropped`);
  dropped = 0;
}, 1_000);
listen();
