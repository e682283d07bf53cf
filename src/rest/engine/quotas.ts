import type { ServerResponse } from 'node:http';
import { apiKeyCharges } from '../../quota/api-key.js';
import { type Charge, type QuotaGate, rateLimited, rateLimitHeaders, type Verdict } from '../../quota/gate.js';
import type { Caller, Dialect, Quota, QuotaRule } from './route.js';

/** Who asks: as the quotas see them, and by which numbers they are counted. */
export interface Asker {
  caller: Caller;
  userId?: number;
  credentialId?: string;
  /** Differs where two credentials of one person may do different things. */
  authority: string;
}

export const anonymous: Asker = { caller: { signedIn: false, isAdmin: false, credential: 'none' }, authority: '' };

/** What a request is counted against. */
export interface Bill {
  charges: readonly Charge[];
  /** Taken in advance, so that any number of attempts at once are all seen; given back when the attempt succeeds. */
  onFailureOnly: readonly Charge[];
}

export interface Counted {
  dialect: Dialect;
  rule?: QuotaRule | undefined;
  asker: Asker;
  /** As `countedAddress` gives it. */
  address: string;
}

/** The counters that a request falls under: `<dialect>:<quota>:u<person>`, `:a<address>` or `:k<credential>`. */
export function billOf({ dialect, rule, asker, address }: Counted): Bill {
  const { caller, credentialId } = asker;
  const own = caller.apiKeyLimits && credentialId !== undefined ? apiKeyCharges(credentialId, caller.apiKeyLimits) : [];
  const isOwn = ({ per, requests, seconds }: Quota): boolean =>
    per === 'credential' && own.some((charge) => charge.limit === requests && charge.seconds === seconds);
  const charge = (quota: Quota): Charge => ({
    key: `${dialect.name}:${quota.name}:${holderOf(quota, asker, address)}`,
    limit: quota.requests,
    seconds: quota.seconds,
  });
  // A dialect may name an API key's own limits again; they are counted once, over all doors.
  const ordinary = [
    ...own,
    ...dialect
      .quotas(caller)
      .filter((quota) => !isOwn(quota))
      .map(charge),
  ];
  const authentication = charge(dialect.authenticationQuota);
  return {
    charges: rule === 'authentication' ? [...ordinary, authentication] : ordinary,
    onFailureOnly: rule === 'authentication_failures' ? [authentication] : [],
  };
}

function holderOf({ per }: Quota, { userId, credentialId }: Asker, address: string): string {
  if (per === 'account' && userId !== undefined) return `u${userId}`;
  if (per === 'credential' && credentialId !== undefined) return `k${credentialId}`;
  return `a${address}`;
}

/**
 * Counts a request and writes how its caller stands into the headers. Gives what to call with the answer's status before
 * it is sent. Throws RATE_LIMITED.
 */
export async function countRequest(
  gate: QuotaGate,
  counted: Counted,
  response: ServerResponse,
): Promise<(status: number) => Promise<void>> {
  const { charges, onFailureOnly } = billOf(counted);
  const all = [...charges, ...onFailureOnly];
  const show = (verdict: Verdict): void => {
    for (const [name, value] of Object.entries(rateLimitHeaders(verdict))) response.setHeader(name, value);
  };
  const verdict = counted.rule === 'exempt' ? await gate.look(all) : await gate.spend(counted.dialect.name, all);
  show(verdict);
  if (verdict.retryAfterSeconds !== undefined) throw rateLimited(verdict.retryAfterSeconds);
  return async (status) => {
    if (onFailureOnly.length === 0 || (status >= 400 && status < 500)) return;
    await gate.giveBack(onFailureOnly);
    show(await gate.look(all));
  };
}
