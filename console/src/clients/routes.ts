import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { appRoute } from '../shell/app-route';
import { choiceOf, optional, type Searched, wordOf } from '../ui/search-values';

export const clientStatuses = ['ACTIVE', 'PROSPECT', 'INACTIVE'] as const;
export const clientOrders = ['NAME_ASC', 'NAME_DESC', 'CREATED_AT_DESC', 'CREATED_AT_ASC'] as const;
export const clientTabs = ['interventions', 'appointments', 'contracts', 'reports', 'invoices'] as const;

const listRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/clients',
  validateSearch: (search: Searched) =>
    optional({
      q: wordOf(search['q']),
      status: choiceOf(clientStatuses, search['status']),
      sort: choiceOf(clientOrders, search['sort']),
    }),
  component: lazyRouteComponent(() => import('./client-list-page'), 'ClientListPage'),
});

const trashRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/clients/trash',
  validateSearch: (search: Searched) => optional({ q: wordOf(search['q']) }),
  component: lazyRouteComponent(() => import('./trashed-clients-page'), 'TrashedClientsPage'),
});

const clientRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/clients/$id',
  validateSearch: (search: Searched) => optional({ tab: choiceOf(clientTabs, search['tab']) }),
  component: lazyRouteComponent(() => import('./client-page'), 'ClientPage'),
});

export const clientRoutes = [listRoute, trashRoute, clientRoute];
