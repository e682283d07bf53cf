import { z } from 'zod';
import { badInput, type FieldProblem } from '../../lib/errors.js';
import type { Sealer } from '../../lib/sealing.js';
import type { Manifest } from '../../plugin-host/manifest.js';
import { openSettings, settingsPurpose } from './active-plugins.js';

interface Property {
  writeOnly?: unknown;
  default?: unknown;
}

interface SettingsSchema {
  properties?: Record<string, Property>;
}

export interface KeptSettings {
  settings: Record<string, unknown>;
  sealed: string | null;
}

const mostBytes = 64 * 1024;

const propertiesOf = ({ settings }: Pick<Manifest, 'settings'>): Record<string, Property> =>
  (settings as SettingsSchema | undefined)?.properties ?? {};

/** The names of those that are secrets. */
export const secretSettings = (manifest: Pick<Manifest, 'settings'>): string[] =>
  Object.entries(propertiesOf(manifest)).flatMap(([name, property]) => (property?.writeOnly === true ? [name] : []));

/** Why the schema of the settings cannot be gone by; undefined when it can. */
export function schemaProblem({ settings }: Pick<Manifest, 'settings'>): string | undefined {
  if (settings === undefined) return undefined;
  if (settings['type'] !== 'object') return 'settings: the schema is not of an object';
  try {
    z.fromJSONSchema(settings as Parameters<typeof z.fromJSONSchema>[0]);
    return undefined;
  } catch (error) {
    return `settings: ${(error as Error).message.slice(0, 200)}`;
  }
}

/**
 * The settings of a plugin once some are given: null takes one away, what is absent stays. Throws BAD_USER_INPUT with
 * every problem, below `settings`. With `isComplete: false` what is required may be missing.
 */
export function changedSettings(
  { id, manifest, kept, given }: { id: string; manifest: Manifest; kept: KeptSettings; given: Record<string, unknown> },
  sealer: Sealer,
  { isComplete = true }: { isComplete?: boolean } = {},
): KeptSettings & { all: Record<string, unknown>; changed: string[] } {
  const properties = propertiesOf(manifest);
  const before: Record<string, unknown> = { ...kept.settings, ...openSettings(sealer, id, kept.sealed) };
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(properties, name));
  const problems: FieldProblem[] = unknown.map((name) => ({
    path: ['settings', name],
    code: 'not_allowed',
    message: 'The plugin has no such setting',
  }));
  const merged = Object.fromEntries(
    Object.entries({ ...before, ...given }).filter(
      ([name, value]) => value !== null && Object.hasOwn(properties, name),
    ),
  );
  const parsed = manifest.settings
    ? z.fromJSONSchema(manifest.settings as Parameters<typeof z.fromJSONSchema>[0]).safeParse(merged)
    : undefined;
  for (const { path, message } of parsed?.error?.issues ?? [])
    if (isComplete || Object.hasOwn(given, String(path[0])))
      problems.push({ path: ['settings', ...path.map(String)], code: 'invalid', message });
  if (JSON.stringify(merged).length > mostBytes)
    problems.push({ path: ['settings'], code: 'too_long', message: `have more than ${mostBytes} bytes` });
  if (problems.length) throw badInput(problems);
  const secrets = new Set(secretSettings(manifest));
  const [open, secret] = [false, true].map((isSecret) =>
    Object.fromEntries(Object.entries(merged).filter(([name]) => secrets.has(name) === isSecret)),
  ) as [Record<string, unknown>, Record<string, unknown>];
  return {
    settings: open,
    sealed: Object.keys(secret).length ? sealer.seal(JSON.stringify(secret), settingsPurpose(id)) : null,
    all: merged,
    changed: Object.keys(given).toSorted(),
  };
}
