import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { auditRoutes } from '../audit/routes';
import { integrationRoutes } from '../integrations/routes';
import { monitoringRoutes } from '../monitoring/routes';
import { peopleRoutes } from '../people/routes';
import { pluginRoutes } from '../plugins/routes';
import { appRoute } from '../shell/app-route';
import { taskRoutes } from '../tasks/routes';
import { choiceOf, optional, type Searched, wordOf } from '../ui/search-values';
import { webhookRoutes } from '../webhooks/routes';

export const keyStatuses = ['ACTIVE', 'INACTIVE', 'SUSPENDED', 'EXPIRED'] as const;
export const ingestStatuses = ['WAITING', 'RUNNING', 'DONE', 'DUPLICATE', 'REFUSED'] as const;

const keysRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/api-keys',
  validateSearch: (search: Searched) =>
    optional({ search: wordOf(search['search']), status: choiceOf(keyStatuses, search['status']) }),
  component: lazyRouteComponent(() => import('./keys-page'), 'KeysPage'),
});
const ingestsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/ingests',
  validateSearch: (search: Searched) => optional({ status: choiceOf(ingestStatuses, search['status']) }),
  component: lazyRouteComponent(() => import('./ingests-page'), 'IngestsPage'),
});

/** What administrators do. */
export const operationRoutes = [
  ...peopleRoutes,
  ...pluginRoutes,
  ...taskRoutes,
  ...webhookRoutes,
  ...integrationRoutes,
  ...auditRoutes,
  ...monitoringRoutes,
  keysRoute,
  ingestsRoute,
];
