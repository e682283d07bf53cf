import { type DocumentNode, Kind, OperationTypeNode, parse } from 'graphql';
import { maxTokens } from './limits.js';

/** What somebody asks who is not signed in yet, as the REST dialects' routes of the same purpose. */
export const signInFields: ReadonlySet<string> = new Set([
  'login',
  'refreshSession',
  'registerUser',
  'registerWithoutPassword',
  'beginPasskeyLogin',
  'completePasskeyLogin',
  'beginPasskeyRegistration',
  'completePasskeyRegistration',
]);

/** Whether the body of a GraphQL request asks for nothing else than to sign in or up. */
export function onlySignsIn(body: unknown): boolean {
  const { query, operationName } = (body ?? {}) as { query?: unknown; operationName?: unknown };
  const operations =
    documentOf(query)?.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION) ?? [];
  const operation = operations.find(({ name }) =>
    operationName ? name?.value === operationName : operations.length === 1,
  );
  if (operation?.operation !== OperationTypeNode.MUTATION) return false;
  return operation.selectionSet.selections.every(
    (selection) => selection.kind === Kind.FIELD && signInFields.has(selection.name.value),
  );
}

function documentOf(query: unknown): DocumentNode | undefined {
  try {
    return typeof query === 'string' ? parse(query, { maxTokens }) : undefined;
  } catch {
    return undefined;
  }
}
