import 'reflect-metadata';
import { printSchema } from 'graphql';
import { resolversOf } from '../app/compose.js';
import { modules } from '../app/modules.js';
import { buildCoreSchema } from './schema.js';

/** The SDL of the core graph, as committed in `schema/schema.graphql`. */
export const printedSchema = (): string => `${printSchema(buildCoreSchema(resolversOf(modules)))}\n`;
