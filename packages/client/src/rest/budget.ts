import type { Client } from 'openapi-fetch';
import type { paths } from './budget.gen.js';
import { restClient, type RestClientOptions } from './rest-client.js';

export type { components, operations, paths } from './budget.gen.js';
export type { RestClientOptions } from './rest-client.js';

/** A client of Budget's API (`/api/v1`), typed by its OpenAPI document. */
export const createBudgetClient = (options: RestClientOptions): Client<paths> => restClient<paths>('/api/v1', options);
