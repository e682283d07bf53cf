import type { Viewer } from '../kernel/viewer.js';
import type { Asker } from '../rest/engine/quotas.js';

/** Which of a person's credentials may do the same: an answer to one must not be given again to a lesser one. */
export function authorityOf({ scopes, credential: { kind } }: Viewer): string {
  const isInPerson = kind === 'token' || kind === 'cookie';
  return [isInPerson ? 'in person' : 'by token', ...[...scopes].toSorted()].join(' ');
}

/** The viewer as the REST dialects' quotas see them. */
export function askerOf(viewer: Viewer): Asker {
  const { userId, permissions, credential } = viewer;
  return {
    caller: {
      signedIn: userId !== undefined,
      isAdmin: permissions.has('*:*'),
      credential: credential.kind,
      ...(credential.kind === 'api_key' && { apiKeyLimits: credential.limits }),
    },
    ...(userId !== undefined && { userId }),
    ...(credential.kind !== 'none' && { credentialId: credentialIdOf(credential) }),
    authority: authorityOf(viewer),
  };
}

function credentialIdOf(credential: Exclude<Viewer['credential'], { kind: 'none' }>): string {
  switch (credential.kind) {
    case 'api_key':
      return credential.keyId;
    case 'api_token':
      return String(credential.tokenId);
    default:
      return credential.sessionId;
  }
}
