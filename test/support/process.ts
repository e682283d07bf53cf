import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { resolve as resolvePath } from 'node:path';
import { running } from './running.js';

export interface ServerProcess {
  url: string;
  process: ChildProcess;
  /** All that it wrote so far. */
  output: () => string;
  /** Resolves with the exit code once it has ended. */
  end: (signal: NodeJS.Signals) => Promise<number | null>;
}

const server = [process.execPath, resolvePath('dist/bundled/main.js')];

/** Starts the built server and waits until it serves. Throws with its output when it does not. */
export async function startProcess(env: NodeJS.ProcessEnv, command = server): Promise<ServerProcess> {
  const { child, output } = run(env, command);
  const closed = once(child, 'close') as Promise<[number | null]>;
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const line = output()
        .split('\n')
        .find((each) => each.endsWith('"msg":"Passerelle serves"}'));
      if (line !== undefined) resolve((JSON.parse(line) as { url: string }).url);
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${output()}`)));
  });
  return {
    url,
    process: child,
    output,
    end: async (signal) => {
      child.kill(signal);
      return (await closed)[0];
    },
  };
}

/** Runs the server until it ends by itself: for starts that must fail. */
export async function runToEnd(env: NodeJS.ProcessEnv): Promise<{ code: number | null; output: string }> {
  const { child, output } = run(env, server);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: output() };
}

function run(
  env: NodeJS.ProcessEnv,
  [program = '', ...parameters]: string[],
): { child: ChildProcess; output: () => string } {
  const child = spawn(program, parameters, {
    // Not where a developer's own .env may lie.
    cwd: env['DATA_DIR'] ?? tmpdir(),
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      DEMO: '0',
      // What Node compiled for one start is good for the next.
      NODE_COMPILE_CACHE: resolvePath('node_modules/.cache/compiled'),
      LOG_LEVEL: 'warn',
      JWT_SECRET: 'test-secret-'.repeat(4),
      ENCRYPTION_KEY: 'test-key-'.repeat(4),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.set(child, `process ${child.pid}`);
  child.once('close', () => running.delete(child));
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk));
  return { child, output: () => text };
}
