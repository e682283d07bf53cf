import type { Client } from 'openapi-fetch';
import { restClient, type RestClientOptions } from './rest-client.js';
import type { paths } from './xcore.gen.js';

export type { components, operations, paths } from './xcore.gen.js';
export type { RestClientOptions } from './rest-client.js';

/** A client of xcore's API (`/`), typed by its OpenAPI document. */
export const createXcoreClient = (options: RestClientOptions): Client<paths> => restClient<paths>('', options);
