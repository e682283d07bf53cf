/** What the machine says of processes, and a way to count statements that needs no extension of PostgreSQL. */
import { readdirSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';

const tickUs = 10_000;

const statOf = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
  } catch {
    return undefined;
  }
};

/** Microseconds of CPU that a process has used, its threads included. */
export const cpuUsOf = (pid) => {
  const stat = statOf(pid);
  return stat ? (Number(stat[11]) + Number(stat[12])) * tickUs : 0;
};

/** Resident memory in MiB. */
export const memoryOf = (pid) =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024);

/** Answers a function that tells the microseconds of CPU of PostgreSQL with all its processes; undefined when it runs elsewhere. */
export async function postgresCpu(client) {
  const {
    rows: [{ pid }],
  } = await client.query('select pg_backend_pid() as pid');
  const backend = statOf(pid);
  if (!backend || !readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres')) return undefined;
  const parent = backend[1];
  return () => {
    const own = statOf(parent);
    // With the ended ones, which their parent has counted.
    let us = [11, 12, 13, 14].reduce((sum, field) => sum + Number(own[field]), 0) * tickUs;
    for (const each of readdirSync('/proc'))
      if (/^\d+$/.test(each) && statOf(each)?.[1] === parent) us += cpuUsOf(each);
    return us;
  };
}

/** Stands between a contender and PostgreSQL and counts what is executed, `begin` and `commit` included. */
export async function statementCounter(databaseUrl) {
  const target = new URL(databaseUrl);
  let executed = 0;
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: Number(target.port || 5432), host: target.hostname, noDelay: true });
    let rest = Buffer.alloc(0);
    let isStarted = false;
    near.on('data', (chunk) => {
      far.write(chunk);
      rest = Buffer.concat([rest, chunk]);
      for (;;) {
        // Only the first message has no letter before its length.
        const at = isStarted ? 1 : 0;
        if (rest.length < at + 4) return;
        const length = at + rest.readInt32BE(at);
        if (rest.length < length) return;
        if (isStarted && (rest[0] === 0x45 || rest[0] === 0x51)) executed += 1; // E and Q: execute, simple query
        isStarted = true;
        rest = rest.subarray(length);
      }
    });
    far.on('data', (chunk) => near.write(chunk));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: Object.assign(new URL(databaseUrl), { hostname: '127.0.0.1', port: String(server.address().port) }).href,
    executed: () => executed,
    close: () => server.close(),
  };
}
