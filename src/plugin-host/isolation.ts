import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What a command line of a plugin's process needs. */
export interface Confinement {
  folder: string;
  memoryMegabytes: number;
}

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
/** In the child it is loaded by Node alone, so that it has the extension of the code that runs. */
const bootstrap = fileURLToPath(new URL(`child/bootstrap.${extension}`, import.meta.url));
/** The plugin package: from the sources its sources, otherwise as it was built. */
export const sdk = new URL(
  extension === 'ts' ? '../../packages/plugin/src/index.ts' : '../plugin-sdk/index.js',
  import.meta.url,
);

/**
 * Namespaces of its own, where the machine lets us have them: no network device, no other process in sight, and the
 * end of this process ends it, whatever it is doing. `--map-current-user` leaves it no rights in them either.
 */
const namespaces = `setpriv --pdeathsig KILL -- unshare --user --map-current-user --net --ipc --pid --fork
  --kill-child --`.split(/\s+/);

let probed: Promise<readonly string[]> | undefined;

/** Asks the machine once. An empty list where it has no namespaces, or does not give them to this user. */
export function isolation(): Promise<readonly string[]> {
  probed ??= (async () => {
    if (process.platform !== 'linux') return [];
    const [command = '', ...args] = [...namespaces, '/bin/true'];
    // A minute: a machine that is busy is no machine without namespaces.
    return promisify(execFile)(command, args, { timeout: 60_000, env: { PATH: searchPath } }).then(
      () => namespaces,
      () => [],
    );
  })();
  return probed;
}

/** Where the system has its programs. The process gets no variable, this one neither. */
export const searchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The command that runs `script` as a plugin's process: by default the bootstrap, for tests something else. */
export async function confinedCommand(
  { folder, memoryMegabytes }: Confinement,
  script: string = bootstrap,
): Promise<string[]> {
  const readable = [
    realpathSync(folder),
    fileURLToPath(new URL('.', sdk)),
    fileURLToPath(new URL('child/', import.meta.url)),
  ];
  return [
    ...(await isolation()),
    // No image of its memory on the disk when it aborts.
    '/bin/sh',
    '-c',
    'ulimit -c 0; exec env -i "$0" "$@"',
    process.execPath,
    '--permission',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    `--max-old-space-size=${Math.ceil(memoryMegabytes * 0.75)}`,
    '--disallow-code-generation-from-strings',
    '--disable-sigusr1',
    '--no-addons',
    '--no-experimental-global-navigator',
    script,
  ];
}

/** The process of the plugin itself: with namespaces a child of the one that made them. undefined: not there yet. */
export async function innerPid(outerPid: number): Promise<number | undefined> {
  if ((await isolation()).length === 0) return outerPid;
  const pids = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? Number(name) : []));
  return pids.find((pid) => parentOf(pid) === outerPid);
}

function parentOf(pid: number): number | undefined {
  try {
    // The name in parentheses may hold anything.
    return Number(/^.*\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}
