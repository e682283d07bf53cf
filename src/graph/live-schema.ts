import type {
  GatewayExecutor,
  GatewayInterface,
  GatewaySchemaLoadOrUpdateCallback,
} from '@apollo/server-gateway-interface';
import type { GraphQLSchema } from 'graphql';

/**
 * The schema that is being served, which can be replaced while requests run: those under way finish on the old one.
 * Apollo takes it as a gateway's, the only way that also lets us execute; graphql-ws and REST ask for `current`.
 */
export class LiveSchema {
  #current: GraphQLSchema;
  readonly #listeners = new Set<(schema: GraphQLSchema) => void>();

  constructor(schema: GraphQLSchema) {
    this.#current = schema;
  }

  get current(): GraphQLSchema {
    return this.#current;
  }

  swap(schema: GraphQLSchema): void {
    this.#current = schema;
    for (const listener of this.#listeners) listener(schema);
  }

  onSwap(listener: (schema: GraphQLSchema) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  gateway(executor: GatewayExecutor): GatewayInterface {
    const announce = (callback: GatewaySchemaLoadOrUpdateCallback, apiSchema: GraphQLSchema): void =>
      callback({ apiSchema, coreSupergraphSdl: '' });
    const callbacks = new Set<GatewaySchemaLoadOrUpdateCallback>();
    const stop = this.onSwap((schema) => callbacks.forEach((callback) => announce(callback, schema)));
    return {
      onSchemaLoadOrUpdate: (callback) => {
        callbacks.add(callback);
        return () => callbacks.delete(callback);
      },
      // Apollo wants the schema announced before load() resolves.
      load: async () => {
        callbacks.forEach((callback) => announce(callback, this.#current));
        return { executor };
      },
      stop: async () => void stop(),
    };
  }
}
