import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeeperThan } from '../../../lib/json-depth.js';
import { type Manifest, manifestShape } from '../../../plugin-host/manifest.js';
import { packageBounds, SourceProblem } from '../sources/source-problem.js';

const deepest = 20;

/** The manifest of an unpacked package, checked. Throws SourceProblem with every problem of it. */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, 'plugin.json');
  const facts = await stat(path).catch(() => undefined);
  if (!facts?.isFile()) throw new SourceProblem('there is no plugin.json at its top');
  if (facts.size > packageBounds.manifestBytes)
    throw new SourceProblem(`plugin.json has more than ${packageBounds.manifestBytes} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path)));
  } catch {
    throw new SourceProblem('plugin.json is no JSON');
  }
  if (isDeeperThan(value, deepest)) throw new SourceProblem(`plugin.json nests deeper than ${deepest} levels`);
  const { data, error } = manifestShape.safeParse(value);
  if (!data)
    throw new SourceProblem(
      `plugin.json: ${error.issues.map((issue) => `${issue.path.join('.') || 'it'} ${issue.message}`).join('; ')}`,
    );
  const main = await stat(join(folder, data.main)).catch(() => undefined);
  if (!main?.isFile()) throw new SourceProblem(`plugin.json: main ${data.main} is no file of it`);
  return data;
}
