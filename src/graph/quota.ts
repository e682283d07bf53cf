import { GraphQLError } from 'graphql';
import type { Viewer } from '../kernel/viewer.js';
import { countedAddress } from '../quota/address.js';
import { apiKeyCharges } from '../quota/api-key.js';
import { type Charge, type QuotaGate, rateLimited, type Verdict } from '../quota/gate.js';
import { anonymousPoints, requestPoints, signedInPoints } from '../quota/points.js';

/** Who a request of the graph is counted for: the viewer, or the address when nobody is signed in. */
export interface ViewerAtAddress {
  viewer: Pick<Viewer, 'userId' | 'credential'>;
  ip: string | undefined;
}

/** The graph is paid for in points (`quota/points.ts`), and by an API key in requests as well. */
export interface GraphQuota {
  /** A request as such, before it is understood. */
  admit: (client: ViewerAtAddress) => Promise<Verdict>;
  /** What its operation costs. */
  spend: (client: ViewerAtAddress, points: number) => Promise<Verdict>;
  /** Both at once, where the cost is known before; a refused one uses nothing up. */
  admitAndSpend: (client: ViewerAtAddress, points: number) => Promise<Verdict>;
}

const door = 'graphql';

export function graphQuota(gate: QuotaGate): GraphQuota {
  const admit: GraphQuota['admit'] = (client) =>
    gate.spend(door, [...keyCharges(client), pointCharge(client, requestPoints)]);
  const spend: GraphQuota['spend'] = (client, points) => gate.spend(door, [pointCharge(client, points)]);
  return {
    admit,
    spend,
    admitAndSpend: async (client, points) => {
      if (client.viewer.credential.kind !== 'api_key') return spend(client, requestPoints + points);
      // What is shown is how the client stands with the points, not with the requests of the key.
      const admitted = await admit(client);
      return admitted.retryAfterSeconds === undefined ? spend(client, points) : admitted;
    },
  };
}

function keyCharges({ viewer: { credential } }: ViewerAtAddress): Charge[] {
  return credential.kind === 'api_key' ? apiKeyCharges(credential.keyId, credential.limits) : [];
}

function pointCharge({ viewer: { userId, credential }, ip }: ViewerAtAddress, points: number): Charge {
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
