import { GraphQLError } from 'graphql';
import type { Viewer } from '../kernel/viewer.js';
import { countedAddress } from '../quota/address.js';
import { apiKeyCharges } from '../quota/api-key.js';
import { type Charge, type QuotaGate, rateLimited, type Verdict } from '../quota/gate.js';
import { anonymousPoints, requestPoints, signedInPoints } from '../quota/points.js';

/** Whom a request of the graph is counted for. */
export interface Payer {
  viewer: Pick<Viewer, 'userId' | 'credential'>;
  ip: string | undefined;
}

/** The graph is paid for in points (`quota/points.ts`), and by an API key in requests as well. */
export interface GraphQuota {
  /** A request as such, before it is understood. */
  admit: (payer: Payer) => Promise<Verdict>;
  /** What its operation costs. */
  spend: (payer: Payer, points: number) => Promise<Verdict>;
  /** Both at once, where the cost is known before; a refused one uses nothing up. */
  admitAndSpend: (payer: Payer, points: number) => Promise<Verdict>;
}

const door = 'graphql';

export function graphQuota(gate: QuotaGate): GraphQuota {
  const admit: GraphQuota['admit'] = (payer) =>
    gate.spend(door, [...keyCharges(payer), pointCharge(payer, requestPoints)]);
  const spend: GraphQuota['spend'] = (payer, points) => gate.spend(door, [pointCharge(payer, points)]);
  return {
    admit,
    spend,
    admitAndSpend: async (payer, points) => {
      if (payer.viewer.credential.kind !== 'api_key') return spend(payer, requestPoints + points);
      // What is shown is how the caller stands with the points, not with the requests of the key.
      const admitted = await admit(payer);
      return admitted.retryAfterSeconds === undefined ? spend(payer, points) : admitted;
    },
  };
}

function keyCharges({ viewer: { credential } }: Payer): Charge[] {
  return credential.kind === 'api_key' ? apiKeyCharges(credential.keyId, credential.limits) : [];
}

function pointCharge({ viewer: { userId, credential }, ip }: Payer, points: number): Charge {
  const isSignedIn = userId !== undefined;
  return {
    key: `${door}:minute:${isSignedIn ? `u${userId}` : `a${countedAddress(ip)}`}`,
    limit: isSignedIn ? signedInPoints : anonymousPoints,
    seconds: 60,
    points,
    ...(credential.kind === 'api_key' && { apiKeyId: credential.keyId }),
  };
}

/** The error to answer when a verdict is a refusal. */
export function quotaProblem({ retryAfterSeconds }: Verdict): GraphQLError | undefined {
  if (retryAfterSeconds === undefined) return undefined;
  const { message, extensions } = rateLimited(retryAfterSeconds);
  return new GraphQLError(message, { extensions });
}
