import type { ServerResponse } from 'node:http';
import { apiKeyCharges } from '../../quota/api-key.js';
import { type Charge, type QuotaGate, rateLimited, rateLimitHeaders, type Verdict } from '../../quota/gate.js';
import type { Principal } from '../../quota/principal.js';
import type { Dialect, Quota, QuotaRule } from './route.js';

/** What a request is counted against. */
export interface Bill {
  charges: readonly Charge[];
  /** Charged before the attempt, so that attempts in parallel all count, and given back when it succeeds. */
  onFailureOnly: readonly Charge[];
}

export interface Counted {
  dialect: Dialect;
  rule?: QuotaRule | undefined;
  principal: Principal;
  /** As `countedAddress` gives it. */
  address: string;
}

/** The counters that a request falls under: `<dialect>:<quota>:u<person>`, `:a<address>` or `:k<credential>`. */
export function billOf({ dialect, rule, principal, address }: Counted): Bill {
  const { apiKeyLimits, credentialId } = principal;
  const own = apiKeyLimits && credentialId !== undefined ? apiKeyCharges(credentialId, apiKeyLimits) : [];
  const isOwn = ({ per, requests, seconds }: Quota): boolean =>
    per === 'credential' && own.some((charge) => charge.limit === requests && charge.seconds === seconds);
  const charge = (quota: Quota): Charge => ({
    key: `${dialect.name}:${quota.name}:${holderOf(quota, principal, address)}`,
    limit: quota.requests,
    seconds: quota.seconds,
  });
  // A dialect may list an API key's own limits too; they are counted once, over all dialects and the graph.
  const ordinary = [
    ...own,
    ...dialect
      .quotas(principal)
      .filter((quota) => !isOwn(quota))
      .map(charge),
  ];
  const authentication = charge(dialect.authenticationQuota);
  if (typeof rule === 'object' && rule.instead) return { charges: [...own, charge(rule)], onFailureOnly: [] };
  return {
    charges: [
      ...ordinary,
      ...(rule === 'authentication' ? [authentication] : []),
      ...(typeof rule === 'object' ? [charge(rule)] : []),
    ],
    onFailureOnly: rule === 'authentication_failures' ? [authentication] : [],
  };
}

function holderOf({ per }: Quota, { userId, credentialId }: Principal, address: string): string {
  if (per === 'account' && userId !== undefined) return `u${userId}`;
  if (per === 'credential' && credentialId !== undefined) return `k${credentialId}`;
  return `a${address}`;
}

/**
 * Counts a request and sets the headers that show what is left of its quotas. Returns what to call with the answer's
 * status before it is sent: it gives back what only failures cost. Throws RATE_LIMITED.
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
