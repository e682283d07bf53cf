import type { Client } from 'openapi-fetch';
import type { paths } from './kdocs.gen.js';
import { restClient, type RestClientOptions } from './rest-client.js';

export type { components, operations, paths } from './kdocs.gen.js';
export type { RestClientOptions } from './rest-client.js';

/** A client of K-Docs' API (`/kdocs/api`), typed by its OpenAPI document. */
export const createKdocsClient = (options: RestClientOptions): Client<paths> =>
  restClient<paths>('/kdocs/api', options);
