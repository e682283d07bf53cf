import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { appRoute } from '../shell/app-route';
import { choiceOf, optional, type Searched } from '../ui/search-values';

export const periods = ['HOUR', 'DAY', 'WEEK', 'MONTH'] as const;
export const monitoringTabs = ['requests', 'alerts', 'processes', 'followers'] as const;

export const monitoringRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: '/monitoring',
    validateSearch: (search: Searched) =>
      optional({ period: choiceOf(periods, search['period']), tab: choiceOf(monitoringTabs, search['tab']) }),
    component: lazyRouteComponent(() => import('./monitoring-page'), 'MonitoringPage'),
  }),
  // Notifications lead to this address.
  createRoute({
    getParentRoute: () => appRoute,
    path: '/monitoring/alertes/$id',
    component: lazyRouteComponent(() => import('./alert-page'), 'AlertPage'),
  }),
];
