import { unauthenticated } from '../../lib/errors.js';
import { addressBehind, countedAddress } from '../../quota/address.js';
import { anonymous, type Principal } from '../../quota/principal.js';
import type { Exchange, RouteExchange } from './exchange.js';
import { countRequest } from './quotas.js';
import type { QuotaRule } from './route.js';

export interface Admission {
  /** The graph's context; empty for a route without operation and credential. */
  context: object;
  principal: Principal;
  /** To be called with the answer's status before it is sent. */
  settleQuotas: (status: number) => Promise<void>;
}

/**
 * Counts the request and checks its credential against the route's rule. Sets `signedIn` and `userId` of `raw.request`.
 * Throws UNAUTHENTICATED, FORBIDDEN or RATE_LIMITED.
 */
export async function admit(exchange: RouteExchange): Promise<Admission> {
  const { request, response, engine, dialect, route, raw } = exchange;
  if (route.credential === 'none' && !('operation' in route)) {
    const settleQuotas = await countAgainstQuotas(exchange, anonymous, route.quota);
    return { context: {}, principal: anonymous, settleQuotas };
  }
  let context: object;
  try {
    context = await engine.context(request, response, { dialect, route });
  } catch (error) {
    // A wrong credential counts against the address: guessing credentials uses up its quotas.
    await countAgainstQuotas(exchange, anonymous, route.quota);
    throw error;
  }
  const principal = engine.principal(context);
  const settleQuotas = await countAgainstQuotas(exchange, principal, route.quota);
  raw.request.signedIn = route.credential !== 'none' && engine.isSignedIn(context);
  raw.request.userId = raw.request.signedIn ? principal.userId : undefined;
  if (route.credential === 'required' && !raw.request.signedIn) throw unauthenticated();
  if (route.permission) engine.requirePermission(context, route.permission);
  return { context, principal, settleQuotas };
}

/**
 * Counts the request against the quotas that hold for the principal. Returns what to call with the answer's status
 * before it is sent. Throws RATE_LIMITED.
 */
export async function countAgainstQuotas(
  { request, response, dialect, engine }: Exchange,
  principal: Principal,
  rule?: QuotaRule,
): Promise<(status: number) => Promise<void>> {
  if (!engine.quotas) return async () => undefined;
  const address = countedAddress(addressBehind(request, engine.trustProxy));
  return countRequest(engine.quotas, { dialect, rule, principal, address }, response);
}
