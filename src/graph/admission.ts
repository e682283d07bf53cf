/**
 * Who may run which operation of the graph, in this order:
 *
 * 1. The request as such is charged, before it is understood: a wrong credential and a syntax error cost something too.
 * 2. The document is parsed, unless it is too long, and validated. Each way in does this itself.
 * 3. The operation is judged by the limits of `limits.ts`: only signed-in people read the schema, and no operation may
 *    be too large or cost too much.
 * 4. Its cost is charged.
 *
 * GraphQL over HTTP by way of Apollo (`apollo.ts`, `http/graphql-door.ts`), the fast path (`http/graphql-fast-path.ts`)
 * and sockets (`ws.ts`) all admit here, and only put a refusal into the form that their protocol has for it.
 */
import { type DocumentNode, GraphQLError, type GraphQLSchema } from 'graphql';
import type { Context } from '../kernel/context.js';
import type { ErrorReason } from '../lib/error-catalog.js';
import { rateLimited, rateLimitHeaders, type Verdict } from '../quota/gate.js';
import { AnswerBudget } from './answer-budget.js';
import { asksForSchema, assertFewValues, assertWithinLimits, costOf, maxCost } from './limits.js';
import type { GraphQuota, ViewerAtAddress } from './quota.js';

/** Why something is not admitted. The error lacks the request's id. */
export interface Refusal {
  error: GraphQLError;
  status: 400 | 401 | 429;
  /** For the answer. When the quota refuses: its limit, remaining and reset, and when to try again. */
  headers: Record<string, string>;
  /** Set when the quota refuses. */
  retryAfterSeconds?: number;
}

/** `headers` are those of the quota: limit, remaining, reset. */
export type Admission = { headers: Record<string, string> } | Refusal;

/** An operation that is valid, as it is judged. Each is called only when the answer is needed. */
export interface JudgedOperation {
  asksForSchema: () => boolean;
  /** Throws BAD_USER_INPUT beyond the document's limits, and when a variable is null where its argument must not be. */
  cost: () => number;
}

export interface GraphAdmission {
  /** Charges a request. One whose credential does not hold is charged to nobody at its address. */
  admitRequest: (client: ViewerAtAddress) => Promise<Admission>;
  /** Judges an operation of a request that was admitted, and charges its cost. */
  admitOperation: (client: MeteredClient, operation: JudgedOperation) => Promise<Admission>;
  /**
   * Charges request and operation at once, for an operation that `refusalOf` lets pass. A refused one uses nothing up.
   */
  admitBoth: (client: MeteredClient, cost: number) => Promise<Admission>;
}

/** Who is charged, and where what the operation reads is counted. */
export type MeteredClient = ViewerAtAddress & Pick<Context, 'notes'>;

/** Without a quota nothing is charged. */
export function graphAdmission(quota: GraphQuota | undefined): GraphAdmission {
  return {
    admitRequest: async (client) => (quota ? admissionBy(await quota.chargeRequest(client)) : free),
    admitOperation: async (client, operation) => {
      const refusal = refusalOf(client, operation);
      if (refusal) return refusal;
      if (!quota) return free;
      meter(client, operation.cost(), quota);
      return admissionBy(await quota.chargeOperation(client, operation.cost()));
    },
    admitBoth: async (client, cost) => {
      if (!quota) return free;
      meter(client, cost, quota);
      return admissionBy(await quota.chargeBoth(client, cost));
    },
  };
}

/** Has what the operation reads beyond its cost charged too. */
function meter(client: MeteredClient, cost: number, quota: GraphQuota): void {
  // The counters fall back to this process's own: a charge is never refused for want of them.
  const charge = (points: number): void => void quota.chargeRead(client, points);
  (client.notes.answer ??= new AnswerBudget()).meter(cost, charge);
}

const free: Admission = { headers: {} };

/** What is refused whatever the quota says; undefined for an operation that may be charged. */
export function refusalOf({ viewer }: ViewerAtAddress, operation: JudgedOperation): Refusal | undefined {
  if (viewer.userId === undefined && operation.asksForSchema()) {
    const error = new GraphQLError('Sign in to read the schema', { extensions: { code: 'UNAUTHENTICATED' } });
    return { error, status: 401, headers: {} };
  }
  try {
    const cost = operation.cost();
    return cost > maxCost ? { error: tooExpensive(cost), status: 400, headers: {} } : undefined;
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { error, status: 400, headers: {} };
  }
}

const tooExpensive = (cost: number): GraphQLError =>
  new GraphQLError(`This operation costs ${cost} and may cost ${maxCost}: ask for fewer rows or fields`, {
    extensions: { code: 'BAD_USER_INPUT', reason: 'too_expensive' satisfies ErrorReason, cost, maxCost },
  });

function admissionBy(verdict: Verdict): Admission {
  const headers = rateLimitHeaders(verdict);
  const { retryAfterSeconds } = verdict;
  if (retryAfterSeconds === undefined) return { headers };
  const { message, extensions } = rateLimited(retryAfterSeconds);
  return {
    error: new GraphQLError(message, { extensions }),
    status: 429,
    headers: { ...headers, 'Retry-After': String(retryAfterSeconds) },
    retryAfterSeconds,
  };
}

/** An operation of a document that was just validated. */
export class ValidOperation implements JudgedOperation {
  /** Once it was worked out. */
  knownCost: number | undefined;

  constructor(
    readonly schema: GraphQLSchema,
    readonly document: DocumentNode,
    readonly variables: Record<string, unknown>,
    readonly operationName: string | null | undefined,
  ) {}

  asksForSchema(): boolean {
    return asksForSchema(this.document);
  }

  cost(): number {
    if (this.knownCost === undefined) {
      assertFewValues(this.variables);
      assertWithinLimits(this.schema, this.document);
      this.knownCost = costOf(this.schema, this.document, this.variables, this.operationName);
    }
    return this.knownCost;
  }
}
