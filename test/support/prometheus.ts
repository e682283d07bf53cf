import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** Prometheus' own checker; the gate fetches it. */
export const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

/** What it says against the arguments and the input; empty: nothing. */
export async function promtool(parameters: readonly string[], input = ''): Promise<string> {
  const child = spawn('promtool', parameters);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number];
  return code === 0 ? '' : `${code}: ${said}`;
}

export interface Scrape {
  /** Each line's figure, by its name with labels. */
  samples: ReadonlyMap<string, number>;
  /** By name. */
  types: ReadonlyMap<string, string>;
}

export async function scrape(url: string): Promise<Scrape & { text: string }> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const samples = [...text.matchAll(/^([a-z_:][\w:]*(?:\{.*\})?) (\S+)$/gim)].map(
    ([, name = '', value]) => [name, Number(value)] as const,
  );
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type] as const);
  return { text, samples: new Map(samples), types: new Map(types) };
}

/** What has fallen or gone since, of all that may only rise. */
export function fallen(before: Scrape, after: Scrape): string[] {
  const risesOnly = (sample: string): boolean => {
    const name = sample.replace(/\{.*/, '');
    return (
      before.types.get(name) === 'counter' ||
      before.types.get(name.replace(/_(?:bucket|sum|count)$/, '')) === 'histogram'
    );
  };
  return [...before.samples].flatMap(([sample, value]) =>
    risesOnly(sample) && !((after.samples.get(sample) ?? -1) >= value)
      ? [`${sample}: ${value} → ${after.samples.get(sample)}`]
      : [],
  );
}
