import 'reflect-metadata';
import { printSchema } from 'graphql';
import { buildCoreSchema } from '../graph/schema.js';
import { readModelsOf, resolversOf } from './compose.js';
import { modules } from './modules.js';

/** The SDL of the core graph, as committed in `schema/schema.graphql`. */
export const printedSchema = (): string =>
  `${printSchema(buildCoreSchema(resolversOf(modules), readModelsOf(modules)))}\n`;
