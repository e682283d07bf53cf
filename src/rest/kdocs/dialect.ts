import type { Dialect } from '../engine/route.js';
import { correspondentRoutes } from './correspondents.js';
import { customFieldRoutes } from './custom-fields.js';
import { documentTypeRoutes } from './document-types.js';
import { documentRoutes } from './documents.js';
import { kdocsFrame } from './envelope.js';
import { historyRoutes } from './history.js';
import { notificationRoutes } from './notifications.js';
import { roleRoutes } from './roles.js';
import { savedViewRoutes } from './saved-views.js';
import { searchRoutes } from './search.js';
import { shareLinkRoutes } from './share-links.js';
import { sharedRoutes } from './shared.js';
import { tagRoutes } from './tags.js';
import { validationRoutes } from './validation.js';
import { versionRoutes } from './versions.js';

/** K-Docs (contracts/kdocs.md): documents and how they are filed. The login lies beside it, in `session.ts`. */
export const kdocs: Dialect = {
  ...kdocsFrame,
  name: 'kdocs',
  title: 'K-Docs',
  prefix: '/kdocs/api',
  description:
    'Gestion électronique de documents. Toutes les routes demandent une session (`POST /kdocs/login`) ou un jeton.',
  routes: [
    ...documentRoutes,
    ...tagRoutes,
    ...correspondentRoutes,
    ...documentTypeRoutes,
    ...searchRoutes,
    ...versionRoutes,
    ...historyRoutes,
    ...customFieldRoutes,
    ...savedViewRoutes,
    ...shareLinkRoutes,
    ...sharedRoutes,
    ...validationRoutes,
    ...notificationRoutes,
    ...roleRoutes,
  ],
};
