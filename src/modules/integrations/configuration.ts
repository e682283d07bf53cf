import type { FieldProblem } from '../../lib/errors.js';
import { isDeeperThan } from '../../lib/json-depth.js';
import type { Sealer } from '../../lib/sealing.js';
import { mask } from '../webhooks/custom-headers.js';

/** What somebody says of the program that they connect to, in its own words: unknown keys are kept too. */
export type Configuration = Readonly<Record<string, unknown>>;

const longest = 20_000;
const deepest = 5;

/** Keys whose values are never shown again, at any depth; and all headers, of which any may open a door. */
const secretKey =
  /key|secret|token|pass|pwd|credential|authorization|^auth$|bearer|cookie|signature|private|dsn|connection|^headers$/i;
/** Of an address, what may open a door: who signs in, and what is asked for. */
const userInfo = /^([a-z][a-z\d+.-]*:\/\/)[^/?#]+@/i;
const queryValue = /([?&](?:[^=&#]*=)?)[^&#]+/g;
const maskedAddress = /^[a-z][a-z\d+.-]*:\/\/(\*{3}@|[^#]*[?&]([^=&#]*=)?\*{3}([&#]|$))/i;

const isObject = (value: unknown): value is Configuration =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The configuration with the stored secrets in place of those that came back masked. Adds a problem when it is no plain
 * object, or is too large, or masks what is not stored.
 */
export function readConfiguration(given: unknown, stored: Configuration, problems: FieldProblem[]): Configuration {
  const refuse = (code: FieldProblem['code'], message: string): Configuration => {
    problems.push({ path: ['configuration'], code, message });
    return {};
  };
  if (!isObject(given)) return refuse('invalid', 'must be an object');
  if (isDeeperThan(given, deepest)) return refuse('invalid', `must nest at most ${deepest} levels`);
  if (JSON.stringify(given).length > longest) return refuse('too_long', `must have at most ${longest} characters`);
  return unmasked(given, stored, ['configuration'], problems) as Configuration;
}

function unmasked(given: unknown, stored: unknown, path: readonly string[], problems: FieldProblem[]): unknown {
  if (typeof given === 'string' && (given === mask || maskedAddress.test(given))) {
    const isKept = given === mask ? isSecretValue(stored) : typeof stored === 'string' && shownText(stored) === given;
    if (isKept) return stored;
    problems.push({ path, code: 'required', message: 'is masked, and nothing is stored for it' });
    return given;
  }
  if (Array.isArray(given))
    return given.map((item, i) =>
      unmasked(item, Array.isArray(stored) ? stored[i] : undefined, [...path, String(i)], problems),
    );
  if (!isObject(given)) return given;
  const before = isObject(stored) ? stored : {};
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [
      key,
      unmasked(value, Object.hasOwn(before, key) ? before[key] : undefined, [...path, key], problems),
    ]),
  );
}

/** What may be shown of it. */
export const masked = (configuration: Configuration): Configuration =>
  maskedUnder(configuration, false) as Configuration;

function maskedUnder(value: unknown, isSecret: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => maskedUnder(item, isSecret));
  if (isObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, maskedUnder(inner, isSecret || secretKey.test(key))]),
    );
  if (isSecret && isSecretValue(value)) return mask;
  return typeof value === 'string' ? shownText(value) : value;
}

const isSecretValue = (value: unknown): value is string | number =>
  (typeof value === 'string' && value !== '') || typeof value === 'number';

/** A text as it is shown: of an address neither who signs in nor what the query says. */
const shownText = (text: string): string =>
  /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text.replace(userInfo, `$1${mask}@`).replace(queryValue, `$1${mask}`) : text;

/** As it is stored, readable for this integration only. */
export const sealConfiguration = (sealer: Sealer, id: string, configuration: Configuration): string =>
  sealer.seal(JSON.stringify(configuration), purposeOf(id));

/** Throws when it was sealed with another key: ENCRYPTION_KEY has changed. */
export function openConfiguration(sealer: Sealer, id: string, sealed: string): Configuration {
  const text = sealer.open(sealed, purposeOf(id));
  if (text === undefined)
    throw new Error(`The configuration of integration ${id} was sealed with another ENCRYPTION_KEY`);
  return JSON.parse(text) as Configuration;
}

const purposeOf = (id: string): string => `integration:${id}`;
