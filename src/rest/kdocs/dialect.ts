import type { Dialect } from '../engine/route.js';
import { correspondentRoutes } from './correspondents.js';
import { customFieldRoutes } from './custom-fields.js';
import { documentTypeRoutes } from './document-types.js';
import { documentRoutes } from './documents.js';
import { kdocsFrame } from './envelope.js';
import { healthRoute, type KdocsHealthOptions } from './health.js';
import { historyRoutes } from './history.js';
import { noteRoutes } from './notes.js';
import { notificationRoutes } from './notifications.js';
import { roleRoutes } from './roles.js';
import { savedSearchRoutes } from './saved-searches.js';
import { savedViewRoutes } from './saved-views.js';
import { type KdocsSearchOptions, searchRoutes } from './search.js';
import { type KdocsSessionOptions, sessionRoutes } from './session.js';
import { kdocsPrefix } from './shapes.js';
import { shareLinkRoutes } from './share-links.js';
import { sharedPageRoutes, type SharedPagesOptions, sharedRoutes } from './shared.js';
import { tagRoutes } from './tags.js';
import { taskRoutes } from './tasks.js';
import { validationRoutes } from './validation.js';
import { versionRoutes } from './versions.js';

/** contracts/kdocs.md, with DECISIONS.md section 5: documents, their filing and approval. */
export const kdocs = (options: KdocsHealthOptions & KdocsSearchOptions): Dialect => ({
  ...kdocsFrame,
  name: 'kdocs',
  title: 'K-Docs',
  prefix: kdocsPrefix,
  description:
    'Gestion électronique de documents. Toutes les routes demandent une session (`POST /kdocs/login`) ou un jeton.',
  routes: [
    healthRoute(options),
    ...documentRoutes,
    ...noteRoutes,
    ...tagRoutes,
    ...correspondentRoutes,
    ...documentTypeRoutes,
    ...searchRoutes(options),
    ...versionRoutes,
    ...historyRoutes,
    ...customFieldRoutes,
    ...savedViewRoutes,
    ...savedSearchRoutes,
    ...shareLinkRoutes,
    ...sharedRoutes,
    ...validationRoutes,
    ...notificationRoutes,
    ...roleRoutes,
    ...taskRoutes,
  ],
});

/** The login beside the API. */
export const kdocsSession = (options: KdocsSessionOptions & KdocsHealthOptions): Dialect => ({
  ...kdocsFrame,
  name: 'kdocs-session',
  title: 'K-Docs : session',
  prefix: '/kdocs',
  description: "L'ouverture et la fermeture d'une session K-Docs.",
  routes: [...sessionRoutes(options), healthRoute(options)],
});

/** The pages that share links open. */
export const kdocsShared = (options: SharedPagesOptions): Dialect => ({
  ...kdocsFrame,
  name: 'kdocs-shared',
  title: 'K-Docs : liens de partage',
  prefix: '/s',
  description: "Les pages qu'ouvre un lien de partage.",
  routes: sharedPageRoutes(options),
});
