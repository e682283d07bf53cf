import type { RequestOptions, TestServer } from '../support/harness.js';
import type { Objects } from './objects.js';
import type { Cast, Column, Who } from './people.js';

/** What a row may use to make its request: the people of the cell and fresh objects. */
export interface Stage extends Cast {
  server: TestServer;
  make: Objects;
}

/** Exactly one expected answer for each column. */
export type Cells<T> = Record<Column, T>;

interface RowFrame<T> {
  expect: Cells<T>;
  /** Of the right person. Default: `user`. */
  who?: Who;
  /** The request uses its people up (an erasure, a logout): every cell gets people of its own. */
  usesUp?: boolean;
  /** Columns whose success shows nothing of the right person's object, or changes nothing of it. */
  without?: readonly Column[];
  /** Default: whatever is not a GET, or is a mutation. False for a request that only looks like a change. */
  changes?: boolean;
}

/** One REST route. */
export interface RestRow extends RowFrame<number> {
  /** Makes a fresh object of the right person and the request for it. */
  request: (stage: Stage) => RestRequest | Promise<RestRequest>;
}

export interface RestRequest extends RequestOptions {
  path: string;
  /** Text of the object: it must stand in the successful answers, except for the columns of `without`. */
  shows?: string;
}

/** `null`: a success whose field is null. The other words are codes of errors. */
export type GraphqlAnswer =
  | 'ok' | 'null' | 'UNAUTHENTICATED' | 'FORBIDDEN' | 'NOT_FOUND' | 'BAD_USER_INPUT' | 'CONFLICT' | 'RATE_LIMITED';

/** One field of Query or Mutation. */
export interface GraphqlRow extends RowFrame<GraphqlAnswer> {
  /** Where the document is not `query($id: ID!)` and the like: the selection and the arguments are written out. */
  document: string;
  variables?: (stage: Stage) => Record<string, unknown> | Promise<Record<string, unknown>>;
  /** As in RestRequest, of the variables that were made. */
  shows?: (variables: Record<string, unknown>) => string;
}

/** `closed`: the socket is refused. `ok`: what happens to the right person's object arrives. `silent`: it does not. */
export type SubscriptionAnswer = 'closed' | 'ok' | 'silent';

/** One field of Subscription. */
export interface SubscriptionRow {
  expect: Cells<SubscriptionAnswer>;
  who?: Who;
  /** Takes the variable `$after`. */
  document: string;
  /** Makes something happen that its owner hears of; answers a text of the event. */
  happen: (stage: Stage, owner: Stage['right']) => Promise<string>;
}

const unauthenticated = { none: 401, broken: 401, expired: 401, revoked: 401 } as const;

/** The usual rows of a dialect, by the status of a refusal that it documents. `ok` is the status of success. */
export function restCells({ forbidden }: { forbidden: number }) {
  return {
    /** Nobody's credential is looked at. */
    open: (ok = 200): Cells<number> => ({ none: ok, broken: ok, expired: ok, revoked: ok, readOnly: ok, other: ok, right: ok, admin: ok }),
    /** A private object is read: for others there is none. */
    ownRead: (ok = 200): Cells<number> => ({ ...unauthenticated, readOnly: ok, other: 404, right: ok, admin: ok }),
    ownWrite: (ok = 200): Cells<number> => ({ ...unauthenticated, readOnly: forbidden, other: 404, right: ok, admin: ok }),
    /** Everybody who is signed in reads it: what is common, or each their own. */
    anyRead: (ok = 200): Cells<number> => ({ ...unauthenticated, readOnly: ok, other: ok, right: ok, admin: ok }),
    /** Everybody who is signed in does it for themselves. */
    anyWrite: (ok = 200): Cells<number> => ({ ...unauthenticated, readOnly: forbidden, other: ok, right: ok, admin: ok }),
    /** A permission is needed. */
    grantedRead: (ok = 200): Cells<number> => ({ ...unauthenticated, readOnly: ok, other: forbidden, right: ok, admin: ok }),
    grantedWrite: (ok = 200): Cells<number> => ({ ...unauthenticated, readOnly: forbidden, other: forbidden, right: ok, admin: ok }),
  };
}

const refused = { none: 'UNAUTHENTICATED', broken: 'UNAUTHENTICATED', expired: 'UNAUTHENTICATED', revoked: 'UNAUTHENTICATED' } as const;

/** The same for GraphQL. At this door a wrong credential is refused whatever is asked. */
export const graphqlCells = {
  open: { ...refused, none: 'ok', readOnly: 'ok', other: 'ok', right: 'ok', admin: 'ok' },
  ownRead: { ...refused, readOnly: 'ok', other: 'null', right: 'ok', admin: 'ok' },
  ownWrite: { ...refused, readOnly: 'FORBIDDEN', other: 'NOT_FOUND', right: 'ok', admin: 'ok' },
  anyRead: { ...refused, readOnly: 'ok', other: 'ok', right: 'ok', admin: 'ok' },
  anyWrite: { ...refused, readOnly: 'FORBIDDEN', other: 'ok', right: 'ok', admin: 'ok' },
  grantedRead: { ...refused, readOnly: 'ok', other: 'FORBIDDEN', right: 'ok', admin: 'ok' },
  grantedWrite: { ...refused, readOnly: 'FORBIDDEN', other: 'FORBIDDEN', right: 'ok', admin: 'ok' },
} as const satisfies Record<string, Cells<GraphqlAnswer>>;
