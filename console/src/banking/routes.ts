import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { appRoute } from '../shell/app-route';
import { readAccountSearch } from './account-search';

export const bankingRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: '/accounts',
    component: lazyRouteComponent(() => import('./accounts-page'), 'AccountsPage'),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: '/accounts/$id',
    validateSearch: readAccountSearch,
    component: lazyRouteComponent(() => import('./account-page'), 'AccountPage'),
  }),
] as const;
