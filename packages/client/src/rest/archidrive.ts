import type { Client } from 'openapi-fetch';
import type { paths } from './archidrive.gen.js';
import { restClient, type RestClientOptions } from './rest-client.js';

export type { components, operations, paths } from './archidrive.gen.js';
export type { RestClientOptions } from './rest-client.js';

/** A client of ArchiDrive's API (`/v1`), typed by its OpenAPI document. */
export const createArchidriveClient = (options: RestClientOptions): Client<paths> => restClient<paths>('/v1', options);
