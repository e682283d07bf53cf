import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { appRoute } from '../shell/app-route';
import { optional, type Searched, wordOf } from '../ui/search-values';

export const integrationRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: '/integrations',
    validateSearch: (search: Searched) => optional({ search: wordOf(search['search']), open: wordOf(search['open']) }),
    component: lazyRouteComponent(() => import('./integrations-page'), 'IntegrationsPage'),
  }),
];
