import { type DocumentNode, type GraphQLSchema, isObjectType, Kind, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { Predicate } from '../../kernel/read-model.js';
import type { Viewer } from '../../kernel/viewer.js';
import type { EntityShapes } from './metadata.js';
import { neededBy } from './selection.js';
import { Parameters } from './sql.js';

type Policy = (viewer: Viewer) => Predicate;

const known = new WeakMap<Policy, WeakMap<Viewer, string>>();

/** What a policy lets the viewer see, as text: equal texts let the same rows through. */
export function visibilityKey(visibleTo: Policy, viewer: Viewer): string {
  const ofPolicy = known.get(visibleTo) ?? new WeakMap<Viewer, string>();
  known.set(visibleTo, ofPolicy);
  const parameters = new Parameters();
  const key = ofPolicy.get(viewer) ?? JSON.stringify([visibleTo(viewer)('t', parameters.bind), parameters.values]);
  ofPolicy.set(viewer, key);
  return key;
}

/**
 * How the answer to `document` depends on who asks: viewers with equal keys get equal answers at one moment. Undefined when
 * it may depend on more than on the rows and guarded columns that they see: a resolver may look at the viewer, unless it
 * declares by `@Extensions({ sharable: true })` that only the visibility of the entities selected below it counts.
 */
export function visibilityOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  shapes: EntityShapes,
): ((viewer: Viewer) => string) | undefined {
  const policies = new Set<Policy>();
  let sharable = true;
  const types = new TypeInfo(schema);
  const meetField = (): void => {
    const parent = types.getParentType();
    const field = types.getFieldDef();
    // Of an interface any type may answer.
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
    // A connection's count tells of rows of which nothing else may be selected.
    const target = relation && shapes.get(relation.target);
    if (target) policies.add(target.model.visibleTo);
    const guarded = model?.guarded;
    if (guarded && [field.name, ...neededBy(field)].some((name) => guarded.properties.includes(name)))
      policies.add(guarded.visibleTo);
  };
  visit(document, visitWithTypeInfo(types, { [Kind.FIELD]: meetField }));
  return sharable ? (viewer) => [...policies].map((policy) => visibilityKey(policy, viewer)).join() : undefined;
}
