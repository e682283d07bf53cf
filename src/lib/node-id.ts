/** What a node id says: the object's GraphQL type, and its key in the text that PostgreSQL prints. */
export interface NodeKey {
  type: string;
  key: string;
}

/**
 * The id of an object that no other object of the graph has: base64url of `Type:key`. It stays for good, so a type
 * that is renamed keeps its old name here. Clients must not look into it.
 */
export const nodeIdOf = (type: string, key: number | string): string =>
  Buffer.from(`${type}:${key}`).toString('base64url');

const written =
  /^([A-Z][A-Za-z0-9]*):(0|[1-9]\d{0,17}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z][a-z0-9_-]{0,63})$/;

/** undefined for any text that `nodeIdOf` does not give: an object has one node id only. */
export function parseNodeId(nodeId: string): NodeKey | undefined {
  const [, type, key] = written.exec(Buffer.from(nodeId, 'base64url').toString('latin1')) ?? [];
  return type !== undefined && key !== undefined && nodeIdOf(type, key) === nodeId ? { type, key } : undefined;
}
