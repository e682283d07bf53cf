/**
 * What a hostile plugin gets done: `npm run bench:containment`. Each attempt of test/plugin-host/hostile.ts, with a
 * neighbour that must go on answering, and how long the server was held up meanwhile; then as many starts and stops as
 * STARTS says (300), with this process's memory before and after. Ends with 1 when anything was not held. Writes
 * bench/results/plugin-containment.md, but for `--print`.
 */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isolation } from '../src/plugin-host/isolation.js';
import { startChild } from '../src/plugin-host/plugin-child.js';
import { endings, forger, forgeries, reaches } from '../test/plugin-host/hostile.js';
import { pluginFolder, removeFolders, startTestPlugin, withQueries } from '../test/plugin-host/plugin.js';

const starts = Number(process.env.STARTS ?? 300);
const log = (line) => process.stdout.write(`${line}\n`);
const limits = { callMs: 60_000, startMs: 60_000 };
const rows = [];
const hello = `return 'hello';`;
const neighbour = await startTestPlugin({ 'index.js': withQueries({ hello }) }, { limits });

/** Runs one attempt, and notes whether it was held, how, and whether the neighbour went on. */
async function attempt(name, run) {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const answers = { asked: 0, answered: 0 };
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      answers.asked += 1;
      if ((await neighbour.ask('hello').catch(() => undefined)) === 'hello') answers.answered += 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  const [isHeld, how] = await run();
  isOver = true;
  await asking;
  delay.disable();
  const isFine = isHeld && answers.asked === answers.answered && neighbour.failures.length === 0;
  rows.push({
    name,
    isFine,
    how: how.split('\n')[0].replaceAll(process.cwd(), '…').replaceAll(tmpdir(), '…').slice(0, 90),
    ...answers,
    heldUpMs: Math.round(delay.max / 1e6),
  });
  log(`${isFine ? 'held   ' : 'NOT HELD'} ${name}: ${rows.at(-1).how} (${answers.answered}/${answers.asked})`);
}

const failureOf = (promise) =>
  promise.then(
    (value) => `got ${String(value)}`,
    (error) => error.message,
  );

const names = Object.keys(reaches);
const parent = pluginFolder({ 'secret.json': '"of the server"' });
const folder = join(parent, 'plugin');
mkdirSync(folder);
writeFileSync(
  join(folder, 'index.js'),
  withQueries(Object.fromEntries(names.map((name, i) => [`a${i}`, reaches[name]]))),
);
symlinkSync(join(parent, 'secret.json'), join(folder, 'link.json'));
const reaching = await startTestPlugin({}, { folder, limits });
const bootstrap = new URL('../src/plugin-host/child/bootstrap.ts', import.meta.url).pathname;
for (const [i, name] of names.entries())
  await attempt(name, async () => {
    const how = await failureOf(reaching.ask(`a${i}`, { bootstrap }));
    return [!how.startsWith('got ') && reaching.failures.length === 0, how];
  });
await reaching.stop();

for (const [name, { body, reason }] of Object.entries(endings))
  await attempt(name, async () => {
    const plugin = await startTestPlugin({ 'index.js': withQueries({ attack: body, hello }) }, { limits });
    const how = await failureOf(plugin.ask('attack'));
    const isBack = (await failureOf(plugin.ask('hello'))) === 'got hello';
    await plugin.stop();
    return [reason.test(how) && isBack, how];
  });

for (const [name, forgery] of Object.entries(forgeries))
  await attempt(name, async () => {
    const own = pluginFolder({ 'forger.mjs': forger(forgery) });
    const ended = Promise.withResolvers();
    const plugin = await startTestPlugin(
      {},
      { folder: own, limits, onFailure: ({ reason }) => ended.resolve(reason) },
      (options) => startChild({ ...options, script: join(own, 'forger.mjs') }),
    ).catch((error) => void ended.resolve(error.message));
    const how = await ended.promise;
    await plugin?.stop();
    return [forgery.reason.test(how), how];
  });

const memory = () => {
  globalThis.gc?.();
  return Math.round(process.memoryUsage.rss() / 2 ** 20);
};
const files = pluginFolder({ 'index.js': withQueries({ hello }) });
const startAndStop = async () => {
  const plugin = await startTestPlugin({}, { folder: files, limits });
  await plugin.ask('hello');
  await plugin.stop();
};
for (let i = 0; i < 10; i++) await startAndStop();
const before = memory();
const startedMs = performance.now();
for (let i = 0; i < starts; i++) {
  await startAndStop();
  if (i % 50 === 49) log(`${i + 1} starts and stops: ${memory()} MB`);
}
const after = memory();
const eachMs = Math.round((performance.now() - startedMs) / Math.max(1, starts));
const isFlat = after - before < 30;

await neighbour.stop();
removeFolders();
const held = rows.filter(({ isFine }) => isFine).length;
const summary = [
  `${held} of ${rows.length} attempts were held; the neighbour answered ${rows.reduce((sum, r) => sum + r.answered, 0)}`,
  `of ${rows.reduce((sum, r) => sum + r.asked, 0)} calls meanwhile. ${starts} starts and stops of ${eachMs} ms each:`,
  `${before} MB before, ${after} MB after. Namespaces: ${(await isolation()).length > 0 ? 'yes' : 'no'}.`,
].join('\n');
log(summary);
if (!process.argv.includes('--print')) {
  const lines = rows.map(
    (r) => `| ${r.name} | ${r.isFine ? 'held' : 'NOT HELD'} | ${r.how.replaceAll('|', '/')} | ${r.heldUpMs} |`,
  );
  writeFileSync(
    new URL('results/plugin-containment.md', import.meta.url),
    `# What a hostile plugin gets done\n\n${summary}\n\n| a plugin | | how | server held up, ms |\n| --- | --- | --- | --- |\n${lines.join('\n')}\n`,
  );
}
process.exitCode = held === rows.length && isFlat ? 0 : 1;
