import { spawn } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import { runInBackground } from '../lib/background.js';
import { residentBytes } from '../lib/resident-bytes.js';
import { frameOf, frameReader, parseFrame } from './frames.js';
import { confinedCommand, innerPid, searchPath, sdk } from './isolation.js';
import type { FromPlugin, ToPlugin } from './messages.js';

export interface ChildOptions {
  folder: string;
  main: string;
  memoryMegabytes: number;
  /** What runs in place of the bootstrap; for tests. */
  script?: string;
  /** Gets each message but pongs. What it throws ends the process, with its message as the reason. */
  onMessage: (message: FromPlugin) => void;
  /** Once: it ended, or was ended because of `reason`. No message comes after it. */
  onEnd: (reason: string) => void;
}

export interface Child {
  /** False: so much is unread that nothing more is sent. */
  send: (message: ToPlugin) => boolean;
  /** Ends the process and resolves when it is gone. */
  end: (reason: string) => Promise<void>;
}

const longestMessage = 8 * 2 ** 20;
/** Messages and bytes that may come at once, and how many a second after that. Beyond it the process has to wait. */
const burst = { messages: 20_000, bytes: 32 * 2 ** 20 };
const aSecond = { messages: 5_000, bytes: 16 * 2 ** 20 };
/** What may wait to be read by the process. */
const mostUnread = 32 * 2 ** 20;

const memoryEveryMs = process.platform === 'linux' ? 100 : 1_000;
const pingEveryMs = 1_000;
/** So many pings without an answer, and it is taken to be in a loop. */
const patience = 5;

/** Starts a plugin's process. It is ended when it takes more memory than it may, answers no ping, or sends nonsense. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { folder, main, memoryMegabytes, script, onMessage, onEnd } = options;
  const [command = '', ...args] = await confinedCommand({ folder, memoryMegabytes }, script);
  const child = spawn(command, args, {
    cwd: '/',
    env: { PATH: searchPath },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    // Signals of the terminal go to a group of processes: this one ends when we say so.
    detached: true,
  });
  runInBackground(child.pid);
  const channel = child.stdio[3] as Duplex;
  const { promise: gone, resolve: isGone } = Promise.withResolvers<void>();
  let reason: string | undefined;
  let said = '';
  const timers: NodeJS.Timeout[] = [];

  function end(why: string): Promise<void> {
    if (reason === undefined) {
      reason = why;
      for (const timer of timers) clearInterval(timer);
      onEnd(reason);
    }
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    return gone;
  }

  (child.stderr as Readable).on('data', (bytes: Buffer) => (said = `${said}${bytes.toString()}`.slice(-4_000)));
  child.stderr?.on('error', () => undefined);
  child.on('error', (error) => {
    void end(`The process did not start: ${error.message}`);
    if (child.pid === undefined) isGone();
  });
  child.on('exit', (code, signal) => {
    isGone();
    channel.destroy();
    void end(`The process ended (${signal ?? `exit code ${code}`})${lastWords(said)}`);
  });
  channel.on('error', () => undefined);

  const reader = frameReader(() => longestMessage);
  const left = { ...burst };
  let refilledMs = performance.now();
  let isReady = false;
  let pongs = 0;
  let pings = 0;

  function take(): void {
    if (reason !== undefined) return;
    const nowMs = performance.now();
    for (const kind of ['messages', 'bytes'] as const)
      left[kind] = Math.min(burst[kind], left[kind] + ((nowMs - refilledMs) / 1_000) * aSecond[kind]);
    refilledMs = nowMs;
    try {
      while (reason === undefined) {
        if (left.messages <= 0 || left.bytes <= 0) {
          channel.pause();
          setTimeout(take, 100).unref();
          return;
        }
        const frame = reader.next();
        if (!frame) break;
        left.messages -= 1;
        left.bytes -= frame.length;
        const message = parseFrame(frame) as FromPlugin;
        if (typeof message !== 'object' || message === null) throw new Error('Sent what is no message');
        if (message.t === 'pong') pongs = pings;
        else {
          isReady ||= message.t === 'ready';
          onMessage(message);
        }
      }
      channel.resume();
    } catch (error) {
      void end((error as Error).message);
    }
  }
  channel.on('data', (bytes: Buffer) => {
    reader.take(bytes);
    take();
  });

  const send: Child['send'] = (message) => {
    if (reason !== undefined || channel.writableLength > mostUnread) return false;
    channel.write(frameOf(message));
    return true;
  };

  let pid: number | undefined;
  const watchMemory = async (): Promise<void> => {
    if (child.pid === undefined) return;
    pid ??= await innerPid(child.pid);
    const bytes = pid === undefined ? 0 : ((await residentBytes(pid)) ?? 0);
    if (bytes > memoryMegabytes * 2 ** 20) void end(`Took more than ${memoryMegabytes} MB of memory`);
  };
  timers.push(
    setInterval(() => void watchMemory(), memoryEveryMs),
    setInterval(() => {
      // Counted in our own turns: when this process is busy, nothing is held against the other one.
      if (!isReady) return;
      if (pings - pongs >= patience) return void end(`Answered nothing for ${patience} seconds`);
      pings += 1;
      send({ t: 'ping', n: pings });
    }, pingEveryMs),
  );
  for (const timer of timers) timer.unref();
  send({ t: 'start', folder, main, sdk: sdk.href });
  return { send, end };
}

/** What V8 wrote as it died, such as that the heap is full. */
function lastWords(said: string): string {
  const fatal = /FATAL ERROR: (.*)/.exec(said)?.[1] ?? said.trim().split('\n').at(-1) ?? '';
  return fatal ? `: ${fatal.slice(0, 300)}` : '';
}
