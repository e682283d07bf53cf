import { forbidden, unauthenticated } from '../lib/errors.js';

export const scopes = ['read', 'write', 'admin', 'webhooks', 'integrations'] as const;
export type Scope = (typeof scopes)[number];

/** How the viewer proved who they are. */
export type Credential =
  | { kind: 'none' }
  /** A session: by its access JWT or by the K-Docs cookie. */
  | { kind: 'token' | 'cookie'; sessionId: string }
  | { kind: 'api_token'; tokenId: number }
  | { kind: 'api_key'; keyId: string; limits: ApiKeyLimits };

/** Requests that an API key may make. */
export interface ApiKeyLimits {
  perMinute: number;
  perDay: number;
  perMonth: number;
}

/** Who makes a request, and what they may do: the person's permissions, as far as the credential's scopes allow. */
export interface Viewer {
  /** undefined: nobody signed in. */
  userId: number | undefined;
  /** `resource:action`, each side may be `*`; of all the person's roles. */
  permissions: ReadonlySet<string>;
  scopes: ReadonlySet<Scope>;
  credential: Credential;
}

export interface SignedIn extends Viewer {
  userId: number;
}

export const nobody: Viewer = {
  userId: undefined,
  permissions: new Set(),
  scopes: new Set(['read', 'write']),
  credential: { kind: 'none' },
};

/** The server itself: at its first start and in jobs. */
export const theSystem: Viewer = {
  userId: undefined,
  permissions: new Set(['*:*']),
  scopes: new Set(scopes),
  credential: { kind: 'none' },
};

/** The person without anything that their roles give: for what is theirs anyway. */
export const onlyOwnRights = (userId: number): SignedIn => ({
  userId,
  permissions: new Set(),
  scopes: new Set(scopes),
  credential: { kind: 'none' },
});

/** True when a role of the person gives the permission, whatever the credential's scopes. */
export function holds({ permissions }: Viewer, permission: `${string}:${string}`): boolean {
  const [resource, action] = permission.split(':') as [string, string];
  return (
    permissions.has(permission) ||
    permissions.has(`${resource}:*`) ||
    permissions.has(`*:${action}`) ||
    permissions.has('*:*')
  );
}

/** True when a role of the person gives the permission and the credential's scopes allow it. */
export const can = (viewer: Viewer, permission: `${string}:${string}`): boolean =>
  viewer.scopes.has(permission.endsWith(':read') ? 'read' : 'write') && holds(viewer, permission);

/** True for a signed-in person whose credential lets them read. */
export const isReader = (viewer: Viewer): viewer is SignedIn =>
  viewer.userId !== undefined && viewer.scopes.has('read');

/** The viewer as a signed-in person. Throws UNAUTHENTICATED, or FORBIDDEN when the credential lacks the scope. */
export function requireSignedIn(viewer: Viewer, scope: Scope = 'read'): SignedIn {
  if (viewer.userId === undefined) throw unauthenticated();
  requireScope(viewer, scope);
  return viewer as SignedIn;
}

/** Throws FORBIDDEN unless the credential has the scope. */
export function requireScope(viewer: Viewer, scope: Scope): void {
  if (!viewer.scopes.has(scope)) throw forbidden(`This credential lacks the scope ${scope}`, 'scope');
}

/** The viewer as a person with the permission. Throws UNAUTHENTICATED or FORBIDDEN. */
export function requirePermission(viewer: Viewer, permission: `${string}:${string}`): SignedIn {
  const signedIn = requireSignedIn(viewer, permission.endsWith(':read') ? 'read' : 'write');
  if (!can(viewer, permission)) throw forbidden(`This needs the permission ${permission}`, 'permission');
  return signedIn;
}

/**
 * The viewer with a session, by JWT or cookie: an API token or key must not manage credentials and rights. Throws
 * UNAUTHENTICATED or FORBIDDEN.
 */
export function requireInPerson(viewer: Viewer): SignedIn {
  const signedIn = requireSignedIn(viewer, 'write');
  if (viewer.credential.kind !== 'token' && viewer.credential.kind !== 'cookie') {
    throw forbidden('This needs a session, not a token', 'session_needed');
  }
  return signedIn;
}
