/** What a hostile plugin tries: each the body of a resolver. */

/** Reaches for what is not its own. Contained, it throws; what it returns is what it got hold of. */
export const reaches: Record<string, string> = {
  'reads /etc/passwd': `return (await import('node:fs')).readFileSync('/etc/passwd', 'utf8');`,
  'writes a file': `return (await import('node:fs/promises')).writeFile('/tmp/plugin-was-here', 'yes');`,
  'imports /etc/passwd': `return import('/etc/passwd');`,
  'imports JSON beside its folder': `return import('../secret.json', { with: { type: 'json' } });`,
  'imports JSON over a link': `return (await import('./link.json', { with: { type: 'json' } })).default;`,
  'imports a data: url': `return (await import('data:text/javascript,export default 1')).default;`,
  'imports a package of the server': `return import('graphql');`,
  'imports the bootstrap': `return import(args.bootstrap);`,
  'starts a program': `return (await import('node:child_process')).execSync('id').toString();`,
  'forks without end': `const { fork } = await import('node:child_process'); for (;;) fork('index.js');`,
  'starts a thread': `return new (await import('node:worker_threads')).Worker('1', { eval: true });`,
  'connects by net': `return (await import('node:net')).connect(80, '1.1.1.1');`,
  'asks a name server': `return (await import('node:dns/promises')).resolve('example.org');`,
  'sends over http': `return (await import('node:http')).get('http://1.1.1.1');`,
  'listens on a port': `return (await import('node:http')).createServer().listen(0);`,
  fetches: `return (await fetch('https://example.org')).status;`,
  'opens a websocket': `return new WebSocket('wss://example.org');`,
  'opens an event source': `return new EventSource('https://example.org');`,
  'takes a builtin from process': `return process.getBuiltinModule('child_process').execSync('id').toString();`,
  'takes a binding': `return process.binding('spawn_sync');`,
  'opens a library': `return process.dlopen({ exports: {} }, '/lib/libc.so.6');`,
  'kills the server': `return process.kill(process.ppid ?? 1, 'SIGKILL');`,
  'lists open handles': `return process._getActiveHandles().length;`,
  'attaches a debugger': `return (await import('node:inspector')).open(0);`,
  'makes another Node module loader': `return (await import('node:module')).createRequire('/')('fs');`,
  'sees handles by async hooks': `return (await import('node:async_hooks')).createHook({}).enable();`,
  'sets V8 flags': `return (await import('node:v8')).setFlagsFromString('--allow-natives-syntax');`,
  'runs a script in another context': `return (await import('node:vm')).runInNewContext('1');`,
  evaluates: `return eval('1 + 1');`,
  'makes a function of text': `return (async () => {}).constructor('return process')();`,
  requires: `return require('fs');`,
  'catches the real process in an emitter': `
    const { EventEmitter } = await import('node:events');
    EventEmitter.prototype.emit = function () { globalThis.caught = this; };
    return 'replaced';`,
  'catches the real process in a stack': `
    const before = Error.prepareStackTrace;
    Error.prepareStackTrace = (_, sites) => sites.map((site) => site.getThis()).find((that) => that?.binding);
    const { stack } = new Error();
    Error.prepareStackTrace = before;
    if (!stack) throw new Error('nothing');
    return 'caught';`,
  'reads the environment': `
    if (Object.keys(process.env).length === 0) throw new Error('empty');
    return JSON.stringify(process.env);`,
  'asks for what was not granted': `return api.graph('{ users { nodes { email } } }');`,
  'asks without end': `
    const asked = await Promise.allSettled(Array.from({ length: 1_000 }, () => api.settings()));
    const refused = asked.find(({ status }) => status === 'rejected');
    if (refused) throw refused.reason;
    return 'answered all';`,
};

/** Ends its own process, or must be ended. */
export const endings: Record<string, { body: string; reason: RegExp }> = {
  loops: { body: 'for (;;);', reason: /Answered nothing/ },
  'loops in promises': {
    body: 'const spin = () => Promise.resolve().then(spin); return spin();',
    reason: /Answered nothing|memory/,
  },
  sleeps: { body: 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);', reason: /Answered nothing/ },
  // Where memory comes slowly, the loop is noticed first.
  'takes 2 GB in arrays': {
    body: 'const all = []; for (;;) all.push(new Array(100_000).fill(all.length));',
    reason: /heap|memory|Answered nothing/i,
  },
  'takes 2 GB in buffers at once': {
    body: `const all = []; while (all.length < 64) all.push(Buffer.alloc(2 ** 25, 1)); return new Promise(() => all);`,
    reason: /memory|Answered nothing/i,
  },
  'takes 2 GB in buffers, bit by bit': {
    body: `for (const all = []; all.length < 512; ) {
      all.push(Buffer.alloc(2 ** 22, 1));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return 'took 2 GB';`,
    reason: /more than 256 MB of memory/,
  },
  'throws later': {
    body: `setTimeout(() => { throw new Error('too late'); }, 10); return new Promise(() => {});`,
    reason: /too late/,
  },
  'rejects unheard': {
    body: `Promise.reject(new Error('unheard')); return new Promise(() => {});`,
    reason: /unheard/,
  },
  exits: { body: 'process.exit(0);', reason: /process\.exit\(0\)/ },
  aborts: { body: 'process.abort();', reason: /SIG(ABRT|SEGV|ILL|TRAP)/ },
  'answers 9 MB': { body: `return 'x'.repeat(9 * 2 ** 20);`, reason: /message of \d+ bytes/ },
  'answers what nests without end': {
    body: `let all = []; for (let i = 0; i < 1_000; i++) all = [all]; return all;`,
    reason: /nests deeper/,
  },
  'floods the server with requests': {
    body: `for (let i = 0; i < 1e9; i++) api.settings().catch(() => 0);`,
    reason: /Answered nothing|memory/i,
  },
};

/** Goes around the bootstrap and writes into the channel by itself: a program in its place. */
export const forgeries: Record<string, { sends: string; reason: RegExp }> = {
  'answers what it was not asked': {
    sends: `send({ t: 'ready', contribution }); send({ t: 'result', id: 5, value: 1 });`,
    reason: /not asked/,
  },
  'sends what is no message': {
    sends: `send({ t: 'ready', contribution }); send({ t: 'shutdown' });`,
    reason: /no message/,
  },
  'sends no JSON': { sends: `raw(Buffer.from([0, 0, 0, 2, 0x7b, 0x7b]));`, reason: /no JSON/ },
  'promises 1 GB': { sends: `raw(Buffer.from([0x40, 0, 0, 0]));`, reason: /message of 1073741824 bytes/ },
  'floods the log': {
    sends: `send({ t: 'ready', contribution }); for (;;) send({ t: 'log', level: 'info', message: 'x' });`,
    reason: /Flooded the log/,
  },
};

/** The program of a forgery. */
export const forger = ({ sends }: { sends: string }): string => `
import { writeSync, readSync } from 'node:fs';
const contribution = {
  sdl: '', resolvers: {}, subscriptions: {}, routes: [], tasks: [], actions: [], events: [], handles: [], migrations: [],
  pages: [],
};
const raw = (bytes) => { for (let at = 0; at < bytes.length; ) at += writeSync(3, bytes, at); };
const send = (message) => {
  const json = Buffer.from(JSON.stringify(message));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  raw(Buffer.concat([length, json]));
};
readSync(3, Buffer.alloc(65_536));
${sends}
for (;;) readSync(3, Buffer.alloc(65_536));
`;
