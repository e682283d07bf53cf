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

/** Who asks, and what they may do: the person's permissions cut down by the credential's scopes. */
export interface Viewer {
  /** undefined: nobody signed in. */
  userId: number | undefined;
  /** `resource:action` with `*` on either side, of all roles together. */
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

/** What the server itself does: the first start, jobs. */
export const theSystem: Viewer = {
  userId: undefined,
  permissions: new Set(['*:*']),
  scopes: new Set(scopes),
  credential: { kind: 'none' },
};

/** True when one of the person's roles allows it and the credential's scopes do not take it away. */
export function can(viewer: Viewer, permission: `${string}:${string}`): boolean {
  const [resource, action] = permission.split(':') as [string, string];
  if (!viewer.scopes.has(action === 'read' ? 'read' : 'write')) return false;
  const p = viewer.permissions;
  return p.has(permission) || p.has(`${resource}:*`) || p.has(`*:${action}`) || p.has('*:*');
}

/** True for a signed-in person whose credential lets them read. */
export const isReader = (viewer: Viewer): viewer is SignedIn =>
  viewer.userId !== undefined && viewer.scopes.has('read');

/** The viewer as a signed-in person. Throws UNAUTHENTICATED, or FORBIDDEN when the credential lacks the scope. */
export function requireSignedIn(viewer: Viewer, scope: Scope = 'read'): SignedIn {
  if (viewer.userId === undefined) throw unauthenticated();
  requireScope(viewer, scope);
  return viewer as SignedIn;
}

export function requireScope(viewer: Viewer, scope: Scope): void {
  if (!viewer.scopes.has(scope)) throw forbidden(`This credential lacks the scope ${scope}`, 'scope');
}

/** Throws UNAUTHENTICATED or FORBIDDEN unless the viewer may. */
export function requirePermission(viewer: Viewer, permission: `${string}:${string}`): SignedIn {
  const signedIn = requireSignedIn(viewer, permission.endsWith(':read') ? 'read' : 'write');
  if (!can(viewer, permission)) throw forbidden(`This needs the permission ${permission}`, 'permission');
  return signedIn;
}

/** Credentials and rights are managed only in person: with a JWT or a session, never with a token or a key. */
export function requireInPerson(viewer: Viewer): SignedIn {
  const signedIn = requireSignedIn(viewer, 'write');
  if (viewer.credential.kind !== 'token' && viewer.credential.kind !== 'cookie') {
    throw forbidden('This needs a session, not a token', 'session_needed');
  }
  return signedIn;
}
