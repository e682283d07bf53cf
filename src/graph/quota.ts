import type { Viewer } from '../kernel/viewer.js';
import { countedAddress } from '../quota/address.js';
import { apiKeyCharges } from '../quota/api-key.js';
import type { Charge, QuotaGate, Verdict } from '../quota/gate.js';
import { anonymousPoints, requestPoints, signedInPoints } from '../quota/points.js';

/** Who a request of the graph is counted for: the viewer, or the address when nobody is signed in. */
export interface ViewerAtAddress {
  viewer: Pick<Viewer, 'userId' | 'credential'>;
  ip: string | undefined;
}

/** The graph is charged in points (`quota/points.ts`), and for an API key in requests as well. */
export interface GraphQuota {
  /** A request as such, before it is understood. */
  chargeRequest: (client: ViewerAtAddress) => Promise<Verdict>;
  /** What its operation costs. */
  chargeOperation: (client: ViewerAtAddress, points: number) => Promise<Verdict>;
  /** What was read beyond what the operation was charged for; never a refusal. */
  chargeRead: (client: ViewerAtAddress, points: number) => Promise<void>;
  /** Both at once, where the cost is known before; a refused one uses nothing up. */
  chargeBoth: (client: ViewerAtAddress, points: number) => Promise<Verdict>;
}

/** Names the graph among the counters and in the metrics. */
const door = 'graphql';

export function graphQuota(gate: QuotaGate): GraphQuota {
  const chargeRequest: GraphQuota['chargeRequest'] = (client) =>
    gate.spend(door, [...keyCharges(client), pointCharge(client, requestPoints)]);
  const chargeOperation: GraphQuota['chargeOperation'] = (client, points) =>
    gate.spend(door, [pointCharge(client, points)]);
  return {
    chargeRequest,
    chargeOperation,
    chargeRead: (client, points) => gate.owe([pointCharge(client, points)]),
    chargeBoth: async (client, points) => {
      if (client.viewer.credential.kind !== 'api_key') return chargeOperation(client, requestPoints + points);
      // The headers are those of the points, not of the key's requests.
      const request = await chargeRequest(client);
      return request.retryAfterSeconds === undefined ? chargeOperation(client, points) : request;
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
