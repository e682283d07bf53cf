import { begin, fingerprintOf, idempotencyKey } from '../../idempotency/once.js';
import { countedAddress } from '../../quota/address.js';
import type { Principal } from '../../quota/principal.js';
import type { RouteExchange } from './exchange.js';
import type { ReceivedBody } from './receive.js';
import type { Reply } from './route.js';

export interface Attempt {
  received: ReceivedBody;
  principal: Principal;
}

/**
 * Answers a POST with an `Idempotency-Key` as its first attempt was answered; every other request by `answer`. What is
 * kept is the reply before its deprecation, quota and request-id headers, which each answer gets anew. Cookies are
 * kept, since the answer to a login is its cookie; the whole is stored encrypted. Throws BAD_USER_INPUT for a key that
 * came with another request, and CONFLICT while the first attempt runs or when its answer is lost.
 */
export async function answerOnce(
  exchange: RouteExchange,
  attempt: Attempt,
  answer: () => Promise<Reply>,
): Promise<Reply> {
  const { engine, route, raw } = exchange;
  if (route.method !== 'post' || !engine.idempotencyKeys) return answer();
  const key = idempotencyKey(raw.request.headers['idempotency-key']);
  if (key === undefined) return answer();

  const { userId } = attempt.principal;
  const owner = userId === undefined ? `a${countedAddress(raw.request.ip)}` : `u${userId}`;
  const { requestId } = raw.request;
  const begun = await begin<Reply>(
    engine.idempotencyKeys,
    { owner, key, fingerprint: fingerprint(exchange, attempt), requestId },
    engine.log,
  );
  if ('replay' in begun)
    return { ...begun.replay, headers: { ...begun.replay.headers, 'Idempotency-Replayed': 'true' } };
  const reply = await answer();
  await begun.finish(reply.status ?? 200, reply);
  return reply;
}

/** Of everything that makes two requests the same, the content of files included. */
function fingerprint({ dialect, prepared, raw }: RouteExchange, { received, principal }: Attempt): string {
  const files = received.files?.map(({ part, filename }, index) => [part, filename, received.spooled[index]?.sha256]);
  return fingerprintOf([
    dialect.name,
    prepared.route.method,
    prepared.path,
    raw.params,
    raw.query,
    received.bodyType,
    raw.body,
    files,
    principal.authority,
  ]);
}
