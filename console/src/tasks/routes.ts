import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { appRoute } from '../shell/app-route';
import { choiceOf, optional, type Searched, wordOf } from '../ui/search-values';

export const taskStatuses = ['SCHEDULED', 'RUNNING', 'PAUSED', 'FAILED', 'COMPLETED'] as const;
export const runStatuses = ['RUNNING', 'SUCCESS', 'FAILURE', 'SKIPPED'] as const;

export const taskRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: '/tasks',
    validateSearch: ({ search, status }: Searched) =>
      optional({
        search: wordOf(search),
        status: choiceOf(taskStatuses, status),
      }),
    component: lazyRouteComponent(() => import('./tasks-page'), 'TasksPage'),
  }),
  // Notifications lead to this address.
  createRoute({
    getParentRoute: () => appRoute,
    path: '/taches/$id',
    validateSearch: ({ runs }: Searched) => optional({ runs: choiceOf(runStatuses, runs) }),
    component: lazyRouteComponent(() => import('./task-page'), 'TaskPage'),
  }),
];
