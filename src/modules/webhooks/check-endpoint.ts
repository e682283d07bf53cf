import { isKnownPattern } from '../../events/event-patterns.js';
import type { CommandContext } from '../../kernel/command.js';
import { badInput, type FieldProblem } from '../../lib/errors.js';
import { isSeen, tidyName, unseenMessage } from '../../lib/names.js';
import { isHostRefused } from '../../lib/public-address.js';
import { isPlain } from '../identity/people/person-fields.js';
import { checkedConditions, type Condition } from './condition.js';
import { checkedHeaders, type CustomHeader } from './custom-headers.js';
import { WebhookFormat } from './webhook-endpoint.entity.js';
import { problemOfSecret } from './webhook-secret.js';

/** What is undefined stays, or takes its default in a new one; so does null, where there is no "none". */
export interface EndpointFields {
  name?: string | null | undefined;
  description?: string | null | undefined;
  url?: string | null | undefined;
  events?: readonly string[] | null | undefined;
  secret?: string | null | undefined;
  isActive?: boolean | null | undefined;
  format?: WebhookFormat | null | undefined;
  conditions?: readonly Condition[] | null | undefined;
  headers?: readonly CustomHeader[] | null | undefined;
  resourceIds?: readonly string[] | null | undefined;
  timeoutSeconds?: number | null | undefined;
  /** Null: none. */
  payloadQuery?: string | null | undefined;
  /** Null: as the usual schedule has it, as for the next one. */
  maxAttempts?: number | null | undefined;
  retryDelaySeconds?: number | null | undefined;
  /** Null: as many as there are. */
  maxPerMinute?: number | null | undefined;
}

/** Of the endpoint before the change; of a new one what it has without being told. */
export interface EndpointBefore {
  format: WebhookFormat;
  events: readonly string[];
  /** Absent: none yet. */
  url?: string;
  payloadQuery: string | null;
  headers: ReadonlyMap<string, string>;
}

const most = { name: 100, description: 1_000, url: 2_000, patterns: 100, resources: 200, resourceLength: 100 } as const;

const ranges = {
  maxAttempts: [1, 20],
  retryDelaySeconds: [1, 86_400],
  timeoutSeconds: [1, 30],
  maxPerMinute: [1, 6_000],
} as const;

/**
 * Returns the given fields, trimmed; undefined stands for absent. A URL's host that is an address, or `localhost`,
 * must be one that deliveries may reach (`WEBHOOK_ALLOW_PRIVATE`); another name is neither resolved nor called: what it
 * leads to is looked at for each delivery. A URL that stays is not looked at again. Throws BAD_USER_INPUT with every
 * problem.
 */
export function checkEndpoint({ services }: CommandContext, input: EndpointFields, before: EndpointBefore) {
  const problems: FieldProblem[] = [];
  const refuse = (path: string, code: FieldProblem['code'], message: string, known?: readonly string[]): void =>
    void problems.push({ path: [path], code, message, ...(known && { known }) });
  const name = input.name == null ? undefined : tidyName(input.name);
  if (name === '') refuse('name', 'required', 'is required');
  const description = input.description?.trim();
  for (const [field, text] of Object.entries({ name, description }) as ['name' | 'description', string | undefined][]) {
    if (text === undefined) continue;
    if (text.length > most[field]) refuse(field, 'too_long', `must have at most ${most[field]} characters`);
    const isClean = field === 'name' ? isSeen(text) : !text.includes('\0');
    if (!isClean) refuse(field, 'invalid', unseenMessage);
  }

  const url = input.url?.trim();
  if (url !== undefined) {
    if (url.length > most.url) refuse('url', 'too_long', `must have at most ${most.url} characters`);
    else if (!isPlain(url) || !/^https?:\/\//i.test(url) || !URL.canParse(url))
      refuse('url', 'invalid_format', 'must be an http:// or https:// URL');
    else if (new URL(url).username || new URL(url).password)
      refuse('url', 'not_allowed', 'must not hold a user name or a password');
    else if (url !== before.url && isHostRefused(new URL(url), services.config.webhooks.allowPrivate))
      refuse('url', 'not_allowed', 'must lead to a public address, or one that the operator allows');
  }

  const format = input.format ?? before.format;
  const events = input.events ? [...new Set(input.events)] : undefined;
  if (events?.length === 0) refuse('events', 'too_short', 'must be one at least');
  if (events && events.length > most.patterns) refuse('events', 'too_long', `must be ${most.patterns} at most`);
  const types =
    format === WebhookFormat.DOCUMENTED ? [...services.eventPayloads.documented.keys()] : services.eventTypes();
  // What there was may be gone since, such as the event of a plugin.
  const asked = events ?? (format === before.format ? [] : before.events);
  const unknown = asked.filter((pattern) => !isKnownPattern(pattern, types));
  if (unknown.length) {
    const known = ['*', ...types.toSorted()];
    const names = unknown.map((pattern) => JSON.stringify(pattern)).join(', ');
    refuse('events', 'unknown_reference', `there is no ${names}; there are ${known.join(', ')}`, known);
  }

  const resourceIds = input.resourceIds ? [...new Set(input.resourceIds.map((id) => id.trim()))] : undefined;
  if (resourceIds && resourceIds.length > most.resources)
    refuse('resourceIds', 'too_long', `must be ${most.resources} at most`);
  if (resourceIds?.some((id) => id === '' || id.length > most.resourceLength || !isPlain(id)))
    refuse('resourceIds', 'invalid', 'must be ids of things');

  const { isActive, ...numbers } = {
    isActive: input.isActive ?? undefined,
    maxAttempts: input.maxAttempts,
    retryDelaySeconds: input.retryDelaySeconds,
    timeoutSeconds: input.timeoutSeconds ?? undefined,
    maxPerMinute: input.maxPerMinute,
  };
  for (const [field, value] of Object.entries(numbers) as [keyof typeof ranges, number | null | undefined][]) {
    const [least, largest] = ranges[field];
    if (value == null || (value >= least && value <= largest)) continue;
    refuse(field, value < least ? 'too_small' : 'too_large', `must be between ${least} and ${largest}`);
  }

  const secret = input.secret ?? undefined;
  const wrong = secret === undefined ? undefined : problemOfSecret(secret, format);
  if (wrong) refuse('secret', wrong.code, wrong.message);
  const payloadQuery = checkedQuery(services.eventPayloads, { input, before, format }, refuse);
  const conditions = input.conditions ? checkedConditions(input.conditions, problems) : undefined;
  const headers = input.headers ? checkedHeaders(input.headers, before.headers, problems) : undefined;
  if (problems.length) throw badInput(problems);
  return {
    secret,
    headers,
    // By the names of the columns' properties.
    columns: {
      name,
      description,
      url,
      events,
      isActive,
      conditions,
      resourceIds,
      ...numbers,
      ...changed({ format, payloadQuery }, before),
    },
  };
}

const changed = (
  { format, payloadQuery }: { format: WebhookFormat; payloadQuery: string | null },
  before: EndpointBefore,
): { format?: WebhookFormat; payloadQuery?: string | null } => ({
  ...(format !== before.format && { format }),
  ...(payloadQuery !== before.payloadQuery && { payloadQuery }),
});

interface Given {
  input: EndpointFields;
  before: EndpointBefore;
  format: WebhookFormat;
}

/** The query, which one format needs and the others do not have. */
function checkedQuery(
  payloads: CommandContext['services']['eventPayloads'],
  { input, before, format }: Given,
  refuse: (path: string, code: FieldProblem['code'], message: string) => void,
): string | null {
  const given = input.payloadQuery?.trim() || null;
  if (format !== WebhookFormat.QUERY) {
    if (given) refuse('payloadQuery', 'not_allowed', 'goes with the format QUERY only');
    return null;
  }
  const query = input.payloadQuery === undefined ? before.payloadQuery : given;
  if (query === null) refuse('payloadQuery', 'required', 'is required by the format QUERY');
  const problem = query !== null && query !== before.payloadQuery ? payloads.queryProblem(query) : undefined;
  if (problem) refuse('payloadQuery', problem.code, problem.message);
  return query;
}
