import type { IncomingMessage, ServerOptions } from 'node:http';
import { TimedResponse } from './requests.js';

/**
 * An idle connection is kept for longer than what stands before the server keeps it, usually a minute: the one who
 * sends must be the one who closes, or a request meets a connection that is just being closed. A request may take any
 * time to arrive as long as it goes on (`stalled-clients.ts`), which a film over a slow line does; its head may not.
 */
export const serverOptions: ServerOptions<typeof IncomingMessage, typeof TimedResponse> = {
  ServerResponse: TimedResponse,
  maxHeaderSize: 32 * 1024,
  keepAliveTimeout: 75_000,
  headersTimeout: 60_000,
  requestTimeout: 0,
};
