import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { resolve as resolvePath } from 'node:path';
import { running } from './running.js';

export interface CliEnd {
  code: number | null;
  out: string;
  err: string;
  /** The standard output as JSON. */
  json: any;
}

export interface CliRun {
  process: ChildProcess;
  out: () => string;
  err: () => string;
  /** Resolves when it has ended. */
  end: Promise<CliEnd>;
}

const cli = [process.execPath, resolvePath('dist/bundled/cli.js')] as const;

/** Starts the built command. */
export function startCli(words: readonly string[], { env = {}, input = '', cwd = tmpdir() }: CliOptions = {}): CliRun {
  const [program, ...parameters] = cli;
  const child = spawn(program, [...parameters, ...words], {
    // Not where a developer's own .env may lie.
    cwd,
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: resolvePath('node_modules/.cache/compiled'),
      TESSERACT: 'off',
      WATCH_DIR: 'off',
      JWT_SECRET: 'test-secret-'.repeat(4),
      ENCRYPTION_KEY: 'test-key-'.repeat(4),
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined).end(input);
  running.set(child, `passerelle ${words.join(' ')}`);
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (text.out += chunk));
  child.stderr.on('data', (chunk: Buffer) => (text.err += chunk));
  const end = once(child, 'close').then(([code]): CliEnd => {
    running.delete(child);
    return { code: code as number | null, ...text, json: parsed(text.out) };
  });
  return { process: child, out: () => text.out, err: () => text.err, end };
}

export interface CliOptions {
  env?: NodeJS.ProcessEnv;
  /** What comes on its standard input. */
  input?: string;
  cwd?: string;
}

/** Runs the built command to its end. */
export const runCli = (words: readonly string[], options?: CliOptions): Promise<CliEnd> => startCli(words, options).end;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
