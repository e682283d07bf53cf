import { Credentials, type CredentialsOptions, type Session } from './credentials.js';
import { type Given, textOf, type TypedDocument } from './documents.js';
import { request, type RequestOptions } from './requests.js';
import { openSocket } from './sockets.js';
import { type SubscribeOptions, Subscription } from './subscription.js';

export interface ClientOptions extends CredentialsOptions {
  /** Of the server, with or without a path before `/graphql`: `https://passerelle.example`. */
  url: string;
  /** Default: that of the platform. */
  fetch?: typeof globalThis.fetch;
  /** Default: that of the platform. For a Node before 22: `WebSocket` of the package ws. */
  webSocket?: unknown;
  /** How often a request is tried again that got no answer. Default 4. */
  retries?: number;
  /** Sent with every request. */
  headers?: Record<string, string>;
  /** Called when the socket of the subscriptions is open, with true, and when it is lost or closed, with false. */
  onConnection?: (isOpen: boolean) => void;
}

export interface SignIn {
  /** Name or e-mail address. */
  identifier: string;
  password: string;
  /** Of the second factor, where the person has one. */
  code?: string;
}

export interface Client {
  /** Resolves to the data. Rejects with PasserelleError when there is any error, and with ConnectionError. */
  query: <Data = unknown, Variables = Record<string, unknown>>(
    document: TypedDocument<Data, Variables>,
    ...given: Given<Variables, RequestOptions>
  ) => Promise<Data>;
  /** The same of a change. It is made once, however often its request is sent. Files are `File` or `Blob`. */
  mutate: <Data = unknown, Variables = Record<string, unknown>>(
    document: TypedDocument<Data, Variables>,
    ...given: Given<Variables, RequestOptions>
  ) => Promise<Data>;
  /** Events from now on, or after a position. The operation declares `$after: Position` and selects `position`. */
  subscribe: <Data = unknown, Variables = Record<string, unknown>>(
    document: TypedDocument<Data, Variables>,
    ...given: Given<Omit<Variables, 'after'>, SubscribeOptions>
  ) => Subscription<Data>;
  /** Begins a session, which the client keeps alive. */
  signIn: (person: SignIn) => Promise<Session>;
  /** Ends the session on the server too. */
  signOut: () => Promise<void>;
  /** Ends all subscriptions and closes the socket. */
  close: () => Promise<void>;
}

const signInText = `mutation SignIn($input: LoginInput!) {
  login(input: $input) { tokens { accessToken refreshToken } }
}`;
const refreshText = `mutation RefreshSession($input: RefreshSessionInput!) {
  refreshSession(input: $input) { tokens { accessToken refreshToken } }
}`;
const signOutText = 'mutation SignOut { logout { session { id } } }';
const positionText = 'query Position { position }';

const nobody = { current: async () => undefined, renew: async () => false };

/** A client of the graph, for browsers and Node. */
export function createClient({
  url,
  fetch = globalThis.fetch.bind(globalThis),
  webSocket,
  retries = 4,
  headers = {},
  onConnection,
  ...credentialsOptions
}: ClientOptions): Client {
  const endpoint = `${url.replace(/\/+$/, '')}/graphql`;
  const requests = { url: endpoint, fetch, retries, headers };
  const signedOut = (query: string, input: object): Promise<unknown> =>
    request({ query, variables: { input } }, nobody, requests);
  const credentials = new Credentials(credentialsOptions, async (refreshToken) => {
    const { refreshSession } = (await signedOut(refreshText, { refreshToken })) as {
      refreshSession: { tokens: Session };
    };
    return refreshSession.tokens;
  });
  const socket = openSocket({ url: endpoint.replace(/^http/, 'ws'), webSocket, onConnection }, credentials);
  const closed = new AbortController();
  const run = (
    document: TypedDocument<never, never>,
    variables: Record<string, unknown> = {},
    options?: RequestOptions,
  ): Promise<never> =>
    request({ query: textOf(document), variables }, credentials, requests, options) as Promise<never>;
  return {
    query: (document, ...[variables, options]) => run(document as never, variables as never, options),
    mutate: (document, ...[variables, options]) => run(document as never, variables as never, options),
    subscribe: (document, ...[variables, options = {}]) => {
      const signal = options.signal ? AbortSignal.any([options.signal, closed.signal]) : closed.signal;
      return new Subscription(
        { query: textOf(document as never), variables: { ...(variables as object) } },
        { ...options, signal },
        {
          socket,
          credentials,
          newest: async (during) => {
            const given = during ? { signal: during } : {};
            return ((await run(positionText, {}, given)) as { position: string }).position;
          },
        },
      );
    },
    signIn: async (input) => {
      const { login } = (await signedOut(signInText, input)) as { login: { tokens: Session } };
      credentials.session = login.tokens;
      return login.tokens;
    },
    signOut: async () => {
      await run(signOutText);
      credentials.session = undefined;
    },
    close: async () => {
      closed.abort();
      await socket.close();
    },
  };
}
