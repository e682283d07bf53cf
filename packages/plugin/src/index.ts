/** What a plugin of Passerelle is written with. Its page: docs/plugins.md of the server. */
export { batch, definePlugin, reply } from './definition.js';
export { refuse } from './refusal.js';
export type { PluginRefusal, RefusalCode, RefusedField } from './refusal.js';
export type {
  Action,
  BatchedResolver,
  Column,
  ColumnType,
  Dialect,
  DialectRoute,
  Handler,
  Migration,
  MigrationStep,
  Page,
  PluginDefinition,
  Reply,
  Resolver,
  Route,
  Subscription,
  Task,
} from './definition.js';
export type {
  Condition,
  EmittedEvent,
  Graph,
  Http,
  HttpAnswer,
  HttpRequest,
  Log,
  PluginApi,
  PluginEvent,
  PluginRequest,
  Row,
  Storage,
  StorageOperation,
  Viewer,
} from './api.js';
