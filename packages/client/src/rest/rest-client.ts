import createOpenApiClient, { type Client } from 'openapi-fetch';

export interface RestClientOptions {
  /** Of the server, without the prefix of the API: `https://passerelle.example`. */
  url: string;
  /** An API token or key, an access token, or a function that gives the one to use now. */
  token?: string | (() => string | Promise<string>);
  /** Default: that of the platform. */
  fetch?: typeof globalThis.fetch;
  /** Sent with every request. */
  headers?: Record<string, string>;
}

/** A client of one REST API, by `openapi-fetch`: `GET('/path/{id}', { params })` resolves to `{ data, error, response }`. */
export function restClient<Paths extends object>(
  prefix: string,
  { url, token, fetch, headers = {} }: RestClientOptions,
): Client<Paths> {
  const client = createOpenApiClient<Paths>({
    baseUrl: `${url.replace(/\/+$/, '')}${prefix}`,
    headers,
    ...(fetch && { fetch: (request: Request) => fetch(request) }),
  });
  client.use({
    onRequest: async ({ request }) => {
      const given = typeof token === 'function' ? await token() : token;
      if (given !== undefined) request.headers.set('authorization', `Bearer ${given}`);
      return request;
    },
  });
  return client;
}
