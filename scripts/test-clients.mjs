// The clients and tools of others against the server: installs test/clients from its lock unless that is done, checks
// the types of its tests, and runs them on the embedded database. Arguments go on to vitest.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../test/clients/', import.meta.url);
const run = (command, args, cwd = process.cwd()) => {
  const { status } = spawnSync(command, args, { stdio: 'inherit', cwd });
  if (status !== 0) process.exit(status ?? 1);
};

const lock = createHash('sha256')
  .update(readFileSync(new URL('package-lock.json', folder)))
  .digest('hex');
const installed = new URL('node_modules/.installed-lock', folder);
if (!existsSync(installed) || readFileSync(installed, 'utf8') !== lock) {
  run('npm', ['ci', '--no-audit', '--no-fund'], fileURLToPath(folder));
  writeFileSync(installed, lock);
}
run('tsc', ['-p', 'test/clients/tsconfig.json']);
run('vitest', ['run', '--config', 'test/clients/vitest.config.ts', ...process.argv.slice(2)]);
