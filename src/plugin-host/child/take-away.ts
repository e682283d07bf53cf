/**
 * What a plugin's process loses before the plugin is loaded. The operating system and Node's permission flags contain
 * it already as far as they can (`isolation.ts`); this is the second fence, and the only one against the network where
 * there are no namespaces.
 *
 * Imports packages and types only, like `bootstrap.ts`.
 */
import { EventEmitter } from 'node:events';
import { lstatSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { isAbsolute, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inspect } from 'node:util';

/** Builtins that reach nothing outside of the process. */
const harmless = new Set(
  `assert assert/strict buffer crypto events path path/posix path/win32 querystring stream stream/promises stream/web
   string_decoder timers timers/promises url util util/types zlib`.split(/\s+/),
);

/** Of the real `process`, where a plugin might get hold of it. `reallyExit` and `abort` end it and nothing else. */
const takenFromProcess = `binding _linkedBinding dlopen kill _kill _debugProcess _debugEnd _getActiveHandles
  _getActiveRequests getActiveResourcesInfo _rawDebug report mainModule chdir execve loadEnvFile openStdin setuid setgid
  seteuid setegid setgroups initgroups umask stdin stdout stderr send channel disconnect
  setUncaughtExceptionCaptureCallback addUncaughtExceptionCaptureCallback`.split(/\s+/);

const takenFromGlobal = ['fetch', 'WebSocket', 'WebSocketStream', 'EventSource', 'localStorage', 'sessionStorage'];

type Line = (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;

/** Takes the network, the process and the console away, and gives plain ones. `exit` never returns. */
export function takeAway({ log, exit }: { log: Line; exit: (code: unknown) => never }): void {
  const { platform, arch, version, versions, abort } = process;
  const [uptime, hrtime, memoryUsage, nextTick] = [
    process.uptime.bind(process),
    process.hrtime.bind(process),
    process.memoryUsage.bind(process),
    process.nextTick.bind(process),
  ];
  const getBuiltin = process.getBuiltinModule.bind(process);
  const getBuiltinModule = (id: string): unknown => {
    if (!harmless.has(id.replace(/^node:/, ''))) throw refusedModule(id);
    return getBuiltin(id);
  };
  for (const name of takenFromProcess) replace(process, name, undefined);
  replace(process, 'getBuiltinModule', getBuiltinModule);
  replace(process, 'exit', exit);
  for (const name of takenFromGlobal) delete (globalThis as Record<string, unknown>)[name];
  fixEmitters();
  const plain = { platform, arch, version, versions, uptime, hrtime, memoryUsage, nextTick, abort, exit };
  replace(globalThis, 'process', Object.freeze({ ...plain, env: Object.freeze({}), argv: [], getBuiltinModule }));
  const line =
    (level: Parameters<Line>[0]) =>
    (...values: unknown[]): void =>
      log(level, values.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' '));
  const console = { debug: line('debug'), log: line('info'), info: line('info'), warn: line('warn') };
  replace(globalThis, 'console', Object.freeze({ ...console, trace: line('debug'), error: line('error') }));
}

/** Node's own emitters pass through these methods; who replaced one would be handed the real process. */
function fixEmitters(): void {
  const { prototype } = EventEmitter;
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (typeof value !== 'function') continue;
    Object.defineProperty(prototype, name, {
      get: () => value,
      // Of a class that extends it: a method of its own.
      set(this: object, own: unknown) {
        if (this === prototype) throw new TypeError('EventEmitter.prototype can’t be changed here');
        Object.defineProperty(this, name, { value: own, writable: true, configurable: true });
      },
      configurable: false,
    });
  }
}

function replace(target: object, name: string, value: unknown): void {
  if (!(name in target) && value === undefined) return;
  try {
    Object.defineProperty(target, name, { value, writable: false, configurable: false, enumerable: true });
  } catch {
    // A property that can't be taken away stands on a machine of another Node: the process does not start then.
    throw new Error(`Node ${process.version} keeps process.${name}`);
  }
}

const refusedModule = (name: string): Error => new Error(`A plugin may not import ${name}`);

/**
 * Lets modules come from the folder of the plugin, `@passerelle/plugin` from the host's own copy, and refuses the rest.
 * Files are ES modules or JSON.
 */
export function guardImports({ folder, sdk, host }: { folder: string; sdk: string; host: string }): void {
  const sdkFolder = fileURLToPath(new URL('.', sdk));
  const extension = sdk.slice(sdk.lastIndexOf('.'));
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const importer = context.parentURL?.startsWith('file:') ? fileURLToPath(context.parentURL) : '';
      // The bootstrap imports the runtime and the plugin's main.
      if (context.parentURL === host) return { url: specifier, shortCircuit: true };
      if (isBelow(sdkFolder, importer)) {
        // From the sources the files end in .ts, and their imports in .js.
        const file = specifier.replace(/\.js$/, extension);
        return { url: new URL(file, context.parentURL).href, shortCircuit: true };
      }
      if (specifier === '@passerelle/plugin') return { url: sdk, shortCircuit: true };
      const builtin = specifier.replace(/^node:/, '');
      if (builtin === 'process') return { url: 'passerelle:process', shortCircuit: true };
      if (harmless.has(builtin)) return nextResolve(`node:${builtin}`, context);
      const url = /^(\.{0,2}\/|file:)/.test(specifier)
        ? new URL(specifier, context.parentURL).href
        : nextResolve(specifier, context).url;
      if (!url.startsWith('file:') || !isBelow(folder, fileURLToPath(url))) throw refusedModule(specifier);
      return { url, shortCircuit: true };
    },
    load(url, context, nextLoad) {
      if (url === 'passerelle:process')
        return { format: 'module', source: 'export default globalThis.process;', shortCircuit: true };
      if (!url.startsWith('file:')) return nextLoad(url, context);
      const path = fileURLToPath(url);
      if (isBelow(sdkFolder, path)) return nextLoad(url, context);
      refuseLinks(folder, path);
      const [, ending] = /\.(m?js|json)$/.exec(path) ?? [];
      if (!ending) throw new Error(`${relative(folder, path)} is neither .js, .mjs nor .json`);
      const source = readFileSync(path, 'utf8');
      return { format: ending === 'json' ? 'json' : 'module', source, shortCircuit: true };
    },
  });
}

export const mainOf = (folder: string, main: string): string => pathToFileURL(join(folder, main)).href;

function isBelow(folder: string, path: string): boolean {
  if (!path) return false;
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Node's permission model follows links out of what it allows. */
function refuseLinks(folder: string, path: string): void {
  let at = folder;
  for (const part of relative(folder, path).split(sep)) {
    at = join(at, part);
    if (lstatSync(at).isSymbolicLink()) throw new Error(`${relative(folder, at)} is a link`);
  }
}
