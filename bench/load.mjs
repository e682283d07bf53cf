/**
 * The load, a process of its own, so that its work counts for no contender: `fork` it and send
 * `{ ports, requests, connections, ms }`. It keeps `connections` open, on each of which one request follows the other, and
 * answers `{ requests, seconds, failed, p50, p99, cpuUs }`: milliseconds for the percentiles, `failed` the first answer but 200 or 201.
 */
import { connect } from 'node:net';

process.on('message', async ({ ports, requests, connections, ms }) => {
  const bytes = requests.map((request) => Buffer.from(request));
  const latencies = [];
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  const endsMs = startedMs + ms;
  let next = Math.floor(Math.random() * bytes.length);
  let failed;
  await Promise.all(
    Array.from(
      { length: connections },
      (_, n) =>
        new Promise((resolve, reject) => {
          const socket = connect({ port: ports[n % ports.length], host: '127.0.0.1', noDelay: true });
          const reader = answerReader();
          let askedMs = 0;
          const ask = () => {
            askedMs = performance.now();
            if (askedMs >= endsMs) {
              socket.destroy();
              return resolve();
            }
            next = (next + 1) % bytes.length;
            socket.write(bytes[next]);
          };
          socket.on('connect', ask);
          socket.on('error', reject);
          socket.on('data', (chunk) => {
            if (!reader.take(chunk)) return;
            latencies.push(performance.now() - askedMs);
            if (!reader.isFine()) failed ??= reader.text();
            ask();
          });
        }),
    ),
  );
  const seconds = (performance.now() - startedMs) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.floor(latencies.length * share)] ?? 0;
  process.send({
    requests: latencies.length,
    seconds,
    failed,
    p50: at(0.5),
    p99: at(0.99),
    cpuUs: cpu.user + cpu.system,
  });
});
process.on('disconnect', () => process.exit());

const endOfHead = Buffer.from('\r\n\r\n');
const endOfChunks = Buffer.from('0\r\n\r\n');

/** Finds where an answer ends without looking at its body; keeps the body only of what is neither 200 nor 201. */
function answerReader() {
  let head = Buffer.alloc(0);
  let status = 0;
  let missing = -1;
  let isChunked = false;
  let kept = '';
  const isFine = () => status === 200 || status === 201;
  return {
    isFine,
    text: () => kept.slice(0, 2000),
    take: (chunk) => {
      if (missing < 0) {
        head = head.length ? Buffer.concat([head, chunk]) : chunk;
        const end = head.indexOf(endOfHead);
        if (end < 0) return false;
        const lines = head.latin1Slice(0, end).toLowerCase();
        status = Number(lines.slice(9, 12));
        const length = /\r\ncontent-length: *(\d+)/.exec(lines);
        isChunked = length === null;
        missing = isChunked ? 1 : Number(length[1]);
        chunk = head.subarray(end + 4);
        head = Buffer.alloc(0);
        kept = '';
      }
      if (!isFine()) kept += chunk.toString();
      missing = isChunked ? Number(!chunk.subarray(-5).equals(endOfChunks)) : missing - chunk.length;
      if (missing > 0) return false;
      missing = -1;
      return true;
    },
  };
}
