import { everyRow, noRow, type Predicate } from '../../kernel/read-model.js';
import { can, requirePermission, requireScope, type SignedIn, type Viewer } from '../../kernel/viewer.js';

export const readPlugins = 'plugins:read';
const managePlugins = 'plugins:manage';

export const visiblePlugins = (viewer: Viewer): Predicate => (can(viewer, readPlugins) ? everyRow : noRow);

/**
 * Whoever installs a plugin has the server run code: a credential needs the scope `admin` for it. Throws
 * UNAUTHENTICATED or FORBIDDEN.
 */
export function requirePluginManager(viewer: Viewer): SignedIn {
  const signedIn = requirePermission(viewer, managePlugins);
  requireScope(viewer, 'admin');
  return signedIn;
}
