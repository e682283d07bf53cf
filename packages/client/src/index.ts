export { type Client, type ClientOptions, createClient, type SignIn } from './client.js';
export type { Session } from './credentials.js';
export type { TypedDocument } from './documents.js';
export {
  ConnectionError,
  type ErrorCode,
  type FieldProblem,
  type GraphError,
  PasserelleError,
  PositionExpiredError,
} from './errors.js';
export type { RequestOptions } from './requests.js';
export { type SubscribeOptions, Subscription } from './subscription.js';
