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
  /** Of the other person. Default: `user`. The same as `who`: only the object tells the two apart. */
  otherWho?: Who;
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
  | 'ok'
  | 'null'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'BAD_USER_INPUT'
  | 'CONFLICT'
  | 'RATE_LIMITED';

/** One field of Query or Mutation. */
export interface GraphqlRow extends RowFrame<GraphqlAnswer> {
  /** Signs somebody in or up: a cookie that holds no more counts as none, since browsers send it unasked. */
  signsIn?: boolean;
  /** Where the document is not `query($id: ID!)` and the like: the selection and the arguments are written out. */
  document: string;
  variables?: (stage: Stage) => Record<string, unknown> | Promise<Record<string, unknown>>;
  /** As in RestRequest, of the variables that were made. */
  shows?: (variables: Record<string, unknown>) => string;
}

/**
 * `closed`: the socket is refused. `FORBIDDEN`: the subscription is. `ok`: what happens to the right person's object
 * arrives. `silent`: it does not.
 */
export type SubscriptionAnswer = 'closed' | 'FORBIDDEN' | 'ok' | 'silent';

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
    open: (ok = 200): Cells<number> => ({
      none: ok,
      broken: ok,
      expired: ok,
      revoked: ok,
      readOnly: ok,
      program: ok,
      other: ok,
      right: ok,
      admin: ok,
    }),
    /** A private object is read: for others there is none. */
    ownRead: (ok = 200): Cells<number> => ({
      ...unauthenticated,
      readOnly: ok,
      program: ok,
      other: 404,
      right: ok,
      admin: ok,
    }),
    ownWrite: (ok = 200): Cells<number> => ({
      ...unauthenticated,
      readOnly: forbidden,
      program: ok,
      other: 404,
      right: ok,
      admin: ok,
    }),
    /** Everybody who is signed in reads it: what is common, or each their own. */
    anyRead: (ok = 200): Cells<number> => ({
      ...unauthenticated,
      readOnly: ok,
      program: ok,
      other: ok,
      right: ok,
      admin: ok,
    }),
    /** Everybody who is signed in does it for themselves. */
    anyWrite: (ok = 200): Cells<number> => ({
      ...unauthenticated,
      readOnly: forbidden,
      program: ok,
      other: ok,
      right: ok,
      admin: ok,
    }),
    /** A permission is needed. */
    grantedRead: (ok = 200): Cells<number> => ({
      ...unauthenticated,
      readOnly: ok,
      program: ok,
      other: forbidden,
      right: ok,
      admin: ok,
    }),
    grantedWrite: (ok = 200): Cells<number> => ({
      ...unauthenticated,
      readOnly: forbidden,
      program: ok,
      other: forbidden,
      right: ok,
      admin: ok,
    }),
    /** Credentials are managed by people: no token and no key may, whatever its scopes. */
    inPerson: (cells: Cells<number>): Cells<number> => ({ ...cells, readOnly: forbidden, program: forbidden }),
  };
}

const refused = {
  none: 'UNAUTHENTICATED',
  broken: 'UNAUTHENTICATED',
  expired: 'UNAUTHENTICATED',
  revoked: 'UNAUTHENTICATED',
} as const;
const ok = { readOnly: 'ok', program: 'ok', other: 'ok', right: 'ok', admin: 'ok' } as const;

/** The same for GraphQL. At this door a wrong credential is refused whatever is asked. */
export const graphqlCells = {
  open: { ...refused, ...ok, none: 'ok' },
  ownRead: { ...refused, ...ok, other: 'null' },
  ownWrite: { ...refused, ...ok, readOnly: 'FORBIDDEN', other: 'NOT_FOUND' },
  anyRead: { ...refused, ...ok },
  anyWrite: { ...refused, ...ok, readOnly: 'FORBIDDEN' },
  grantedRead: { ...refused, ...ok, other: 'FORBIDDEN' },
  grantedWrite: { ...refused, ...ok, readOnly: 'FORBIDDEN', other: 'FORBIDDEN' },
} as const satisfies Record<string, Cells<GraphqlAnswer>>;

export const inPerson = (cells: Cells<GraphqlAnswer>): Cells<GraphqlAnswer> => ({
  ...cells,
  readOnly: 'FORBIDDEN',
  program: 'FORBIDDEN',
});

/** A query with the argument `id`. */
export const byId = (name: string, selection: string): string =>
  `query ($id: ID!) { ${name}(id: $id) { ${selection} } }`;
/** A mutation with the argument `input`. */
export const change = (name: string, inputType: string, selection: string): string =>
  `mutation ($input: ${inputType}!) { ${name}(input: $input) { ${selection} } }`;
/** For `variables`: the input of a mutation. */
export const input = (of: (stage: Stage) => Promise<object> | object) => async (stage: Stage) => ({
  input: await of(stage),
});
/** For `shows`: the text that a variable holds. */
export const text =
  (name: string) =>
  (variables: Record<string, unknown>): string =>
    String(variables[name]);
