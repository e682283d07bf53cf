import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { appRoute } from '../shell/app-route';
import { choiceOf, optional, type Searched, wordOf } from '../ui/search-values';
import { kinds, priorities, statuses } from './labels';

export const interventionViews = ['list', 'board', 'map'] as const;
export const interventionOrders = [
  'SCHEDULED_AT_DESC',
  'SCHEDULED_AT_ASC',
  'CREATED_AT_DESC',
  'CREATED_AT_ASC',
] as const;
export const contractStates = ['active', 'paused'] as const;
export const interventionTabs = ['work', 'media', 'reports', 'visits', 'history'] as const;

const listRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/interventions',
  validateSearch: (search: Searched) =>
    optional({
      q: wordOf(search['q']),
      view: choiceOf(interventionViews, search['view']),
      status: choiceOf(statuses, search['status']),
      kind: choiceOf(kinds, search['kind']),
      priority: choiceOf(priorities, search['priority']),
      who: wordOf(search['who']),
      sort: choiceOf(interventionOrders, search['sort']),
      /** Of a client: the form for a new one is open. */
      add: wordOf(search['add']),
    }),
  component: lazyRouteComponent(() => import('./intervention-list-page'), 'InterventionListPage'),
});

const interventionRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/interventions/$id',
  validateSearch: (search: Searched) => optional({ tab: choiceOf(interventionTabs, search['tab']) }),
  component: lazyRouteComponent(() => import('./intervention-page'), 'InterventionPage'),
});

const contractsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/contracts',
  validateSearch: (search: Searched) =>
    optional({
      state: choiceOf(contractStates, search['state']),
      /** Of a client, or `new`: the form for a new one is open. */
      add: wordOf(search['add']),
    }),
  component: lazyRouteComponent(() => import('./contract-list-page'), 'ContractListPage'),
});

const contractRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/contracts/$id',
  component: lazyRouteComponent(() => import('./contract-page'), 'ContractPage'),
});

const templatesRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/report-templates',
  component: lazyRouteComponent(() => import('./report-templates-page'), 'ReportTemplatesPage'),
});

export const interventionRoutes = [listRoute, interventionRoute, contractsRoute, contractRoute, templatesRoute];
