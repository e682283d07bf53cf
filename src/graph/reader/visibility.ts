import { type DocumentNode, type GraphQLSchema, isObjectType, Kind, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { Predicate } from '../../kernel/read-model.js';
import type { Viewer } from '../../kernel/viewer.js';
import { memoized } from '../../lib/memoized.js';
import type { EntityShapes } from './metadata.js';
import { neededBy } from './selection.js';
import { Parameters } from './sql.js';

type Policy = (viewer: Viewer) => Predicate;

const keysOf = memoized((visibleTo: Policy) =>
  memoized((viewer: Viewer) => {
    const parameters = new Parameters();
    return JSON.stringify([visibleTo(viewer)('t', parameters.bind), parameters.values]);
  }),
);

/** A policy's predicate for the viewer as text: equal texts let the same rows through. */
export const visibilityKey = (visibleTo: Policy, viewer: Viewer): string => keysOf(visibleTo)(viewer);

/**
 * Returns a key of what a viewer sees of `document`: viewers with equal keys get equal answers at one moment. Returns
 * undefined when the answer may depend on more than the rows and guarded columns that the viewer sees: a resolver may
 * look at the viewer, unless it declares by `@Extensions({ sharable: true })` that only the visibility of the entities
 * selected below it counts.
 */
export function visibilityOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  shapes: EntityShapes,
): ((viewer: Viewer) => string) | undefined {
  const policies = new Set<Policy>();
  let sharable = true;
  const types = new TypeInfo(schema);
  const visitField = (): void => {
    const parent = types.getParentType();
    const field = types.getFieldDef();
    // The answer to an interface may be of any type.
    if (!field || !isObjectType(parent)) {
      sharable = false;
      return;
    }
    const { model, properties } = shapes.get(parent.name) ?? {};
    if (model) policies.add(model.visibleTo);
    if (field.name.startsWith('__')) return;
    const property = properties?.get(field.name);
    const relation = property?.kind === 'scalar' ? undefined : property;
    if (field.resolve && !relation && field.extensions['sharable'] !== true) sharable = false;
    // A connection's count depends on rows of which nothing else may be selected.
    const target = relation && shapes.get(relation.target);
    if (target) policies.add(target.model.visibleTo);
    const guarded = model?.guarded;
    if (guarded && [field.name, ...neededBy(field)].some((name) => guarded.properties.includes(name)))
      policies.add(guarded.visibleTo);
  };
  visit(document, visitWithTypeInfo(types, { [Kind.FIELD]: visitField }));
  return sharable ? (viewer) => [...policies].map((policy) => visibilityKey(policy, viewer)).join() : undefined;
}
