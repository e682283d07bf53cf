import type { Client } from 'openapi-fetch';
import { restClient, type RestClientOptions } from './rest-client.js';
import type { paths } from './smartleakpro.gen.js';

export type { components, operations, paths } from './smartleakpro.gen.js';
export type { RestClientOptions } from './rest-client.js';

/** A client of SmartLeakPro's API (`/api`), typed by its OpenAPI document. */
export const createSmartleakproClient = (options: RestClientOptions): Client<paths> =>
  restClient<paths>('/api', options);
