import {
  type ASTNode,
  type FieldNode,
  getDirectiveValues,
  getNamedType,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  type VariableNode,
  visit,
} from 'graphql';

/** Where a selection is looked at: the schema, the fragments and the variables of one operation. */
export type Scope = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'variableValues'>;

/** By response key, in the order of the answer; several nodes are merged into one field. */
export type Selection = Map<string, FieldNode[]>;

/** GraphQL's CollectFields, over what several nodes of one type select. */
export function collectFields(nodes: readonly FieldNode[], type: GraphQLObjectType, scope: Scope): Selection {
  const fields: Selection = new Map();
  for (const node of nodes) if (node.selectionSet) collect(node.selectionSet, type, scope, fields, new Set());
  return fields;
}

function collect(
  set: SelectionSetNode,
  type: GraphQLObjectType,
  scope: Scope,
  found: Selection,
  seenFragments: Set<string>,
): void {
  for (const selection of set.selections) {
    if (selection.directives?.length && !isIncluded(selection, scope)) continue;
    if (selection.kind === Kind.FIELD) {
      const key = (selection.alias ?? selection.name).value;
      found.set(key, [...(found.get(key) ?? []), selection]);
      continue;
    }
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      if (seenFragments.has(selection.name.value)) continue;
      seenFragments.add(selection.name.value);
    }
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? scope.fragments[selection.name.value] : selection;
    if (!fragment) continue;
    const condition = fragment.typeCondition?.name.value;
    const conditionType = condition ? scope.schema.getType(condition) : type;
    const isOfInterface = isAbstractType(conditionType) && scope.schema.isSubType(conditionType, type);
    const applies = !condition || condition === type.name || isOfInterface;
    if (applies) collect(fragment.selectionSet, type, scope, found, seenFragments);
  }
}

const isIncluded = (selection: SelectionNode, { variableValues }: Scope): boolean =>
  getDirectiveValues(GraphQLSkipDirective, selection, variableValues)?.['if'] !== true &&
  getDirectiveValues(GraphQLIncludeDirective, selection, variableValues)?.['if'] !== false;

/** The object type below any list and non-null wrappers. */
export const objectTypeOf = (type: GraphQLOutputType | undefined): GraphQLObjectType =>
  getNamedType(type as GraphQLOutputType) as GraphQLObjectType;

/** Names of the variables that `@include` and `@skip` ask for, in any of these nodes, sorted. */
export function conditionsIn(nodes: readonly ASTNode[]): string[] {
  const names = new Set<string>();
  const addVariable = ({ name }: VariableNode): void => void names.add(name.value);
  for (const node of nodes) visit(node, { Directive: (directive) => void visit(directive, { Variable: addVariable }) });
  return [...names].toSorted();
}

/** Names of the variables in a field's arguments. */
export function variablesIn({ arguments: given = [] }: FieldNode): string[] {
  const names: string[] = [];
  for (const { value } of given) visit(value, { Variable: ({ name }) => void names.push(name.value) });
  return names;
}

/** Properties that a computed field declares with `@Extensions({ needs: [...] })`. */
export const neededBy = (field: GraphQLField<unknown, unknown>): readonly string[] =>
  (field.extensions['needs'] as string[] | undefined) ?? [];
