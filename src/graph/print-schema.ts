import 'reflect-metadata';
import { printSchema } from 'graphql';
import { resolvers } from '../app/resolvers.js';
import { buildCoreSchema } from './schema.js';

/** The SDL of the core graph, as committed in `schema/schema.graphql`. */
export const printedSchema = (): string => `${printSchema(buildCoreSchema(resolvers))}\n`;
