import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { appRoute } from '../shell/app-route';
import { choiceOf, optional, type Searched, wordOf } from '../ui/search-values';

export const statuses = ['ACTIVE', 'INACTIVE', 'PENDING', 'SUSPENDED'] as const;
export const personTabs = ['facts', 'roles', 'why', 'sessions', 'log'] as const;
export const peopleOrders = [
  'FULL_NAME_ASC',
  'FULL_NAME_DESC',
  'USERNAME_ASC',
  'USERNAME_DESC',
  'LAST_LOGIN_AT_ASC',
  'LAST_LOGIN_AT_DESC',
] as const;

export const peopleRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: '/people',
    validateSearch: ({ search, status, role, order }: Searched) =>
      optional({
        search: wordOf(search),
        status: choiceOf(statuses, status),
        role: wordOf(role),
        order: choiceOf(peopleOrders, order),
      }),
    component: lazyRouteComponent(() => import('./people-page'), 'PeoplePage'),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: '/people/$id',
    validateSearch: ({ tab, permission }: Searched) =>
      optional({
        tab: choiceOf(personTabs, tab),
        permission: wordOf(permission),
      }),
    component: lazyRouteComponent(() => import('./person-page'), 'PersonPage'),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: '/roles',
    validateSearch: ({ role }: Searched) => optional({ role: wordOf(role) }),
    component: lazyRouteComponent(() => import('./roles-page'), 'RolesPage'),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: '/permissions',
    validateSearch: ({ search }: Searched) => optional({ search: wordOf(search) }),
    component: lazyRouteComponent(() => import('./permissions-page'), 'PermissionsPage'),
  }),
];
