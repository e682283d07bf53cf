import 'reflect-metadata';
import { printSchema } from 'graphql';
import { buildCoreSchema, buildDeclaredSchema } from '../graph/schema.js';
import { readModelsOf, resolversOf } from './compose.js';
import { modules } from './modules.js';

/** The SDL of the core graph, as committed in `schema/schema.graphql`. */
export const printedSchema = (): string =>
  `${printSchema(buildCoreSchema(resolversOf(modules), readModelsOf(modules)))}\n`;

/** The SDL as the REST dialects see it, who answer nothing beside an error: its root fields are as declared. */
export const printedDeclaredSchema = (): string =>
  `${printSchema(buildDeclaredSchema(resolversOf(modules), readModelsOf(modules)))}\n`;
