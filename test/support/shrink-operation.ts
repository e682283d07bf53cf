import { type ASTNode, type DocumentNode, Kind, parse, print, visit } from 'graphql';

const removable = new Set<string>([
  Kind.FIELD,
  Kind.INLINE_FRAGMENT,
  Kind.FRAGMENT_SPREAD,
  Kind.ARGUMENT,
  Kind.OBJECT_FIELD,
  Kind.DIRECTIVE,
  Kind.FRAGMENT_DEFINITION,
  Kind.OPERATION_DEFINITION,
  Kind.VARIABLE_DEFINITION,
]);

/**
 * Returns the smallest document that still `fails`, by leaving out one piece after the other. `fails` returns false for
 * what is not valid.
 */
export async function shrinkOperation(query: string, fails: (query: string) => Promise<boolean>): Promise<string> {
  let smallest = print(parse(query));
  for (let place = 0; ;) {
    const smaller = without(parse(smallest), place);
    if (smaller === undefined) return smallest;
    if (await fails(smaller)) smallest = smaller;
    else place += 1;
  }
}

/** The document without its n-th removable piece; undefined when there are fewer. */
function without(document: DocumentNode, place: number): string | undefined {
  let seen = -1;
  const smaller = visit(document, {
    enter: (node: ASTNode) => {
      if (!removable.has(node.kind)) return undefined;
      seen += 1;
      return seen === place ? null : undefined;
    },
  }) as DocumentNode;
  return seen < place ? undefined : print(smaller).replaceAll(/\{\s*\}/g, '{ __typename }');
}
