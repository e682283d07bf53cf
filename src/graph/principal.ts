import type { Viewer } from '../kernel/viewer.js';
import type { Principal } from '../quota/principal.js';

/** Which of a person's credentials may do the same: an answer to one must not be given again to a lesser one. */
export function authorityOf({ scopes, credential: { kind } }: Viewer): string {
  const isInPerson = kind === 'token' || kind === 'cookie';
  return [isInPerson ? 'in person' : 'by token', ...[...scopes].toSorted()].join(' ');
}

/** The viewer as the quotas and the REST engine see them. */
export function principalOf(viewer: Viewer): Principal {
  const { userId, permissions, credential } = viewer;
  return {
    ...(userId !== undefined && { userId }),
    isAdmin: permissions.has('*:*'),
    credential: credential.kind,
    ...(credential.kind !== 'none' && { credentialId: credentialIdOf(credential) }),
    ...(credential.kind === 'api_key' && { apiKeyLimits: credential.limits }),
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
