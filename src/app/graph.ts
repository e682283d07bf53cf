import type { GraphQLSchema } from 'graphql';
import { type Executor, executor } from '../graph/executor.js';
import { LiveSchema } from '../graph/live-schema.js';
import { passThrough } from '../graph/reader/pass-through.js';
import { buildServedSchema } from '../graph/schema.js';
import { withTracedResolvers } from '../graph/traced-resolvers.js';
import { resolversOf } from './compose.js';
import { modules } from './modules.js';
import type { AppServices } from './services.js';

export interface Graph {
  /** The schema in use; it can be replaced while requests run. */
  live: LiveSchema;
  execute: Executor;
}

/** The modules' schema, the same for every server of a process: none changes it. */
let shared: GraphQLSchema | undefined;

export function openGraph({ config, compiler }: AppServices): Graph {
  const build = (): GraphQLSchema => buildServedSchema(resolversOf(modules), compiler.shapes);
  return {
    live: new LiveSchema(config.telemetry ? withTracedResolvers(build()) : (shared ??= build())),
    execute: executor(config.passThrough ? passThrough(compiler) : undefined),
  };
}
