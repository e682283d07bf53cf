import { version } from '../../config/version.js';
import type { Finding } from '../doctor.js';
import { askGraphql, reasonOf, type Remote } from '../remote.js';

const farOffMs = 5_000;
const timeoutMs = 10_000;

/** A running server: its health, its clock against ours, its version, and whether it takes the token. */
export async function examineServer(remote: Remote): Promise<Finding[]> {
  const { url, token } = remote;
  const check = 'server';
  const startedMs = Date.now();
  let response: Response;
  try {
    response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    return [
      {
        check,
        status: 'fail',
        message: `nobody answers at ${url} (${reasonOf(error as Error)})`,
        advice: 'Start it, or look at --url and at what lies between: proxy, firewall, certificate.',
      },
    ];
  }
  const midMs = (startedMs + Date.now()) / 2;
  const health = (await response.json().catch(() => undefined)) as { version?: string } | undefined;
  const findings: Finding[] = [
    response.ok
      ? { check, status: 'ok', message: `${url} is well` }
      : {
          check,
          status: 'fail',
          message: `${url}/health answers ${response.status}: ${JSON.stringify(health ?? null)}`,
          advice: 'Run this command on its machine, with its environment.',
        },
  ];
  if (health?.version !== undefined && health.version !== version)
    findings.push({
      check,
      status: 'warn',
      message: `it is version ${health.version}, this program is ${version}`,
      advice: 'Use the program of the version that serves: they may not read the same database.',
    });
  findings.push(clockFinding('server clock', Date.parse(response.headers.get('date') ?? '') + 500 - midMs));
  if (token !== undefined) findings.push(await examineToken(remote));
  return findings;
}

async function examineToken(remote: Remote): Promise<Finding> {
  const check = 'token';
  try {
    const { data, errors } = await askGraphql(remote, '{ viewer { username } }');
    const viewer = data?.['viewer'] as { username: string } | null | undefined;
    if (viewer) return { check, status: 'ok', message: `stands for ${viewer.username}` };
    return {
      check,
      status: 'fail',
      message: `the server does not take it (${errors?.[0]?.message ?? 'it stands for nobody'})`,
      advice: 'Make another one: passerelle token create.',
    };
  } catch (error) {
    return {
      check,
      status: 'fail',
      message: (error as Error).message,
      advice: 'Look at --url: it must be where the server itself is found, without a path below it.',
    };
  }
}

/** `aheadMs`: how far the other clock is before this machine's. */
export function clockFinding(check: string, aheadMs: number): Finding {
  const seconds = Math.abs(aheadMs / 1000).toFixed(1);
  if (Number.isNaN(aheadMs))
    return {
      check,
      status: 'warn',
      message: 'tells no time',
      advice: 'Something in between takes the header Date away.',
    };
  if (Math.abs(aheadMs) <= farOffMs) return { check, status: 'ok', message: `within ${seconds} s of this machine's` };
  return {
    check,
    status: 'warn',
    message: `${seconds} s ${aheadMs > 0 ? 'before' : 'behind'} this machine's: tokens and schedules go by the clock`,
    advice: 'Set both by NTP: timedatectl set-ntp true',
  };
}
