// The same suite on real services. A service that does not answer is a failure, not a skip.
import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import pg from 'pg';

const url = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const redis = new URL(process.env.REDIS_URL ?? 'redis://127.0.0.1:6379');

const fail = (message) => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
};

try {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  await client.connect();
  const { rows } = await client.query('show server_version');
  process.stdout.write(`PostgreSQL ${rows[0].server_version}\n`);
  await client.end();
} catch (error) {
  fail(`PostgreSQL does not answer at ${new URL(url).host}: ${error.message}`);
}
await new Promise((resolve) => {
  const socket = connect({ host: redis.hostname, port: Number(redis.port || 6379), timeout: 5000 }, () =>
    socket.write('PING\r\n'),
  );
  socket.on('data', (answer) => {
    process.stdout.write(`Redis ${String(answer).trim()}\n`);
    socket.end();
    resolve();
  });
  socket.on('timeout', () => fail(`Redis does not answer at ${redis.host}`));
  socket.on('error', (error) => fail(`Redis does not answer at ${redis.host}: ${error.message}`));
});
const { status } = spawnSync('vitest', ['run', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, TEST_DATABASE_URL: url, TEST_REDIS_URL: redis.href },
});
process.exit(status ?? 1);
