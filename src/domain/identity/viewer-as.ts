import { scopes, type SignedIn } from '../viewer.js';

/** A person who has just proved who they are, for reading what is theirs and nothing else. */
export const viewerAs = (userId: number): SignedIn => ({
  userId,
  permissions: new Set(),
  scopes: new Set(scopes),
  credential: { kind: 'none' },
});
