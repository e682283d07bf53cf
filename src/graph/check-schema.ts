import {
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
} from 'graphql';
import { resolveNodeId } from './reader/bind.js';
import { entityBehind, isComputed } from './reader/compile.js';
import type { EntityShape, EntityShapes } from './reader/metadata.js';

type Field = GraphQLField<unknown, unknown>;

/** What a plan can write of a connection. */
const connectionFields: ReadonlySet<string> = new Set(['nodes', 'edges', 'pageInfo', 'totalCount', 'isEstimated']);

/**
 * Throws an error that names every field which would read wrongly, and only once somebody asks for it:
 *
 * - a field marked `@Planned` whose type the reader cannot write as a whole;
 * - a computed field of an entity that does not declare which properties it needs, or declares one that there is not.
 *
 * `schema` has its relations bound (`reader/bind.ts`).
 */
export function checkSchema(schema: GraphQLSchema, shapes: EntityShapes): void {
  const problems: string[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    const shape = shapes.get(type.name);
    for (const field of Object.values(type.getFields())) {
      const problem =
        plannedProblem(schema, type, field, shapes) ?? (shape && entityFieldProblem(shape, field, shapes));
      if (problem) problems.push(`${type.name}.${field.name} ${problem}`);
    }
  }
  if (problems.length) throw new Error(`The schema would read wrongly:\n${problems.join('\n')}`);
}

function plannedProblem(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  field: Field,
  shapes: EntityShapes,
): string | undefined {
  if (!field.extensions['planned']) return undefined;
  if (type !== schema.getQueryType()) return 'is marked @Planned and no query: only queries pass through';
  const abstract = getNamedType(field.type);
  if (isAbstractType(abstract)) {
    const foreign = schema.getPossibleTypes(abstract).find(({ name }) => !shapes.has(name));
    return foreign && `is marked @Planned and ${foreign.name}, which it may return, has no read model`;
  }
  if (!entityBehind(field.type, shapes))
    return 'is marked @Planned and returns neither an entity with a read model nor a connection of one';
  const named = getNamedType(field.type);
  if (!isObjectType(named) || shapes.has(named.name)) return undefined;
  const foreign = Object.values(named.getFields()).find((own) => !connectionFields.has(own.name) || isComputed(own));
  return foreign && `is marked @Planned and no plan can write ${named.name}.${foreign.name}`;
}

function entityFieldProblem({ properties }: EntityShape, field: Field, shapes: EntityShapes): string | undefined {
  const property = properties.get(field.name);
  if (property && property.kind !== 'scalar')
    return shapes.has(property.target) ? undefined : `leads to ${property.target}, which has no read model`;
  if (field.resolve === resolveNodeId) return undefined;
  if (!isComputed(field)) return property ? undefined : 'is no property of the entity and has no resolver';
  const needs = field.extensions['needs'] as readonly string[] | undefined;
  if (!needs) return 'is computed: declare what it needs with @Extensions({ needs: […] }), [] when that is nothing';
  const unknown = needs.filter((name) => properties.get(name)?.kind !== 'scalar');
  return unknown.length ? `needs ${unknown.join(', ')}: no column of the entity` : undefined;
}
