import type { MayHear } from '../../kernel/event-subscription.js';
import { everyRow, noRow, type Predicate } from '../../kernel/read-model.js';
import { can, requirePermission, requireScope, type SignedIn, type Viewer } from '../../kernel/viewer.js';

/** The firm's, for whoever may read them. */
export const visibleIntegrations = (viewer: Viewer): Predicate => (can(viewer, 'integrations:read') ? everyRow : noRow);

export const mayHearOfIntegration: MayHear = (_event, { viewer }) => can(viewer, 'integrations:read');

/**
 * Whoever manages integrations: one outlives the credential that made it, so a credential needs the scope for it.
 * Throws UNAUTHENTICATED or FORBIDDEN.
 */
export function requireIntegrationManager(viewer: Viewer): SignedIn {
  const signedIn = requirePermission(viewer, 'integrations:write');
  requireScope(viewer, 'integrations');
  return signedIn;
}
