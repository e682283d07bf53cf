import type { Transaction } from '../../db/sql-client.js';
import { holds, sql } from '../../db/sql.js';
import { isKnownPattern } from '../../events/event-patterns.js';
import type { CommandContext } from '../../kernel/command.js';
import { requireScope, requireSignedIn, type SignedIn, type Viewer } from '../../kernel/viewer.js';
import { badInput, type FieldProblem, notFound } from '../../lib/errors.js';
import { rowId } from '../../lib/row-id.js';
import { isPlain } from '../identity/people/person-fields.js';
import { problemOfSecret } from './webhook-secret.js';
import { visibleWebhookEndpoints } from './webhook.policy.js';

export interface EndpointFields {
  name?: string | null | undefined;
  url?: string | null | undefined;
  events?: readonly string[] | null | undefined;
  secret?: string | null | undefined;
  isActive?: boolean | null | undefined;
}

const longestName = 100;
const longestUrl = 2_000;
const mostPatterns = 100;

/**
 * Whoever manages webhooks: a webhook outlives the credential that made it, so a credential needs the scope for it.
 * Throws UNAUTHENTICATED or FORBIDDEN.
 */
export function requireWebhookManager(viewer: Viewer): SignedIn {
  const signedIn = requireSignedIn(viewer, 'write');
  requireScope(viewer, 'webhooks');
  return signedIn;
}

/**
 * Returns the given fields, trimmed; null stands for absent. The address is neither resolved nor called. Throws
 * BAD_USER_INPUT with every problem.
 */
export function checkEndpoint({ services }: CommandContext, input: EndpointFields) {
  const problems: FieldProblem[] = [];
  const refuse = (path: string, code: FieldProblem['code'], message: string, known?: readonly string[]): void =>
    void problems.push({ path: [path], code, message, ...(known && { known }) });
  const name = input.name?.trim();
  if (name === '') refuse('name', 'required', 'is required');
  if (name && name.length > longestName) refuse('name', 'too_long', `must have at most ${longestName} characters`);
  if (name && !isPlain(name)) refuse('name', 'invalid', 'must not hold control characters');

  const url = input.url?.trim();
  if (url !== undefined) {
    if (url.length > longestUrl) refuse('url', 'too_long', `must have at most ${longestUrl} characters`);
    else if (!isPlain(url) || !/^https?:\/\//i.test(url) || !URL.canParse(url))
      refuse('url', 'invalid_format', 'must be an http:// or https:// URL');
    else if (new URL(url).username || new URL(url).password)
      refuse('url', 'not_allowed', 'must not hold a user name or a password');
  }

  const events = input.events ? [...new Set(input.events)] : undefined;
  if (events?.length === 0) refuse('events', 'too_short', 'must be one at least');
  if (events && events.length > mostPatterns) refuse('events', 'too_long', `must be ${mostPatterns} at most`);
  const types = services.eventTypes();
  const unknown = events?.filter((pattern) => !isKnownPattern(pattern, types)) ?? [];
  if (unknown.length) {
    const known = ['*', ...types.toSorted()];
    const names = unknown.map((pattern) => JSON.stringify(pattern)).join(', ');
    refuse('events', 'unknown_reference', `there is no ${names}; there are ${known.join(', ')}`, known);
  }

  const secret = input.secret ?? undefined;
  const wrong = secret === undefined ? undefined : problemOfSecret(secret);
  if (wrong) refuse('secret', wrong.code, wrong.message);
  if (problems.length) throw badInput(problems);
  return { name, url, events, secret, isActive: input.isActive ?? undefined };
}

/** An endpoint as commands compare and change it. */
export interface StoredEndpoint {
  id: number;
  ownerId: number;
  name: string;
  url: string;
  events: string[];
  /** Sealed. */
  secret: string;
  isActive: boolean;
}

/** Returns one's own endpoint, locked. Throws NOT_FOUND. */
export async function lockEndpoint(tx: Transaction, viewer: SignedIn, id: string | number): Promise<StoredEndpoint> {
  const found = await tx.first<StoredEndpoint>(sql`
    select t.id, t.owner_id as "ownerId", t.name, t.url, t.events, t.secret, t.is_active as "isActive"
      from webhook_endpoints t
     where t.id = ${rowId(id) ?? null}::int and ${holds(visibleWebhookEndpoints(viewer), 't')} for no key update`);
  if (!found) throw notFound('WebhookEndpoint');
  return found;
}
