import type { CommandContext } from '../../kernel/command.js';
import { DomainError, type FieldProblem } from '../../lib/errors.js';
import { checkEndpoint, type EndpointFields } from '../webhooks/check-endpoint.js';
import type { CustomHeader } from '../webhooks/custom-headers.js';
import { WebhookFormat } from '../webhooks/webhook-endpoint.entity.js';
import type { Configuration } from './configuration.js';
import { documentedWords, eventsOfWord } from './integration-kinds.js';
import { IntegrationKind } from './integration.entity.js';

/** The same thing under other keys that consumers use. */
const keysOf = {
  url: ['webhook_url', 'url'],
  events: ['evenements', 'supported_events', 'events'],
} as const;

const every = '*';

interface About {
  kind: IntegrationKind;
  name: string | undefined;
  description: string | undefined;
}

/**
 * The webhook that a configuration describes, of a kind that is delivered to: every documented event unless it names
 * some, in the documented form. Adds every problem, by the key of the configuration.
 */
export function deliverySettings(
  ctx: CommandContext,
  { kind, name, description }: About,
  configuration: Configuration,
  problems: FieldProblem[],
) {
  const fields: EndpointFields = {
    name,
    description,
    format: WebhookFormat.DOCUMENTED,
    url: readUrl(configuration, problems),
    events: readEvents(ctx, configuration, problems),
    headers: readHeaders(kind, configuration, problems),
    secret: kind === IntegrationKind.CUSTOM ? readText(configuration, 'secret', problems) : undefined,
  };
  const nothingYet = { format: WebhookFormat.DOCUMENTED, events: [], payloadQuery: null, headers: new Map() };
  try {
    return { fields, checked: checkEndpoint(ctx, fields, nothingYet) };
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'BAD_USER_INPUT') throw error;
    const found = error.options.fields ?? [];
    // Name and description were checked with the integration's.
    for (const problem of found.filter(({ path: [field] }) => field !== 'name' && field !== 'description'))
      problems.push({ ...problem, path: pathOf(problem.path, fields, configuration) });
    return undefined;
  }
}

/** Where the configuration, or the integration, says what the webhook's field says. */
function pathOf([field = '', index]: readonly string[], { headers }: EndpointFields, given: Configuration): string[] {
  if (field === 'url') return ['configuration', keyIn(given, keysOf.url)];
  if (field === 'secret') return ['configuration', 'secret'];
  if (field !== 'headers') return [field];
  const name = headers?.[Number(index)]?.name;
  return name !== undefined && isRecord(given['headers']) && name in given['headers']
    ? ['configuration', 'headers', name]
    : ['configuration', 'api_key'];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The key that is used of several, else the first. */
const keyIn = (given: Configuration, [first, ...others]: readonly [string, ...string[]]): string =>
  [first, ...others].find((key) => given[key] != null && given[key] !== '') ?? first;

function readText(given: Configuration, key: string, problems: FieldProblem[]): string | undefined {
  const value = given[key];
  if (value == null || value === '') return undefined;
  if (typeof value === 'string') return value;
  problems.push({ path: ['configuration', key], code: 'invalid', message: 'must be a text' });
  return undefined;
}

function readUrl(given: Configuration, problems: FieldProblem[]): string | undefined {
  const key = keyIn(given, keysOf.url);
  const before = problems.length;
  const url = readText(given, key, problems);
  if (url === undefined && problems.length === before)
    problems.push({ path: ['configuration', key], code: 'required', message: 'is required' });
  return url;
}

function readEvents(ctx: CommandContext, given: Configuration, problems: FieldProblem[]): string[] {
  const key = keyIn(given, keysOf.events);
  const value = given[key];
  if (value == null || value === '' || value === every) return [every];
  const refuse = (code: FieldProblem['code'], message: string, known?: readonly string[]): string[] => {
    problems.push({ path: ['configuration', key], code, message, ...(known && { known }) });
    return [every];
  };
  if (!Array.isArray(value) || value.some((word) => typeof word !== 'string'))
    return refuse('invalid', 'must be a list of words');
  const words = value as string[];
  if (words.length === 0 || words.includes(every)) return [every];
  const known = documentedWords(ctx.services);
  const unknown = words.filter((word) => !known.includes(word));
  if (unknown.length)
    return refuse('unknown_reference', `there is no ${unknown.map((word) => JSON.stringify(word)).join(', ')}`, known);
  return [...new Set(words.flatMap((word) => eventsOfWord(ctx.services, word)))];
}

/** The key of the program goes in a header, with further headers of one's own program. */
function readHeaders(kind: IntegrationKind, given: Configuration, problems: FieldProblem[]): CustomHeader[] {
  const refuse = (key: string, message: string): void =>
    void problems.push({ path: ['configuration', key], code: 'invalid', message });
  const key = readText(given, 'api_key', problems);
  const isCustom = kind === IntegrationKind.CUSTOM;
  const authType = (isCustom && readText(given, 'auth_type', problems)) || 'api_key';
  if (authType !== 'api_key' && authType !== 'bearer') refuse('auth_type', 'must be api_key or bearer');
  const ofKey: CustomHeader[] =
    key === undefined
      ? []
      : [authType === 'bearer' ? { name: 'Authorization', value: `Bearer ${key}` } : { name: 'X-API-Key', value: key }];
  const own = isCustom ? given['headers'] : undefined;
  if (own == null) return ofKey;
  if (!isRecord(own) || Object.values(own).some((value) => typeof value !== 'string')) {
    refuse('headers', 'must be an object of texts');
    return ofKey;
  }
  return [...ofKey, ...Object.entries(own).map(([name, value]) => ({ name, value: value as string }))];
}
