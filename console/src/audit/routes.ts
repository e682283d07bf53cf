import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { appRoute } from '../shell/app-route';
import { calendarDayOf, choiceOf, optional, type Searched, wordOf } from '../ui/search-values';

export const auditActions = ['CREATE', 'UPDATE', 'DELETE', 'LOGIN', 'LOGIN_FAILED'] as const;

export const auditRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: '/audit',
    validateSearch: (search: Searched) =>
      optional({
        name: wordOf(search['name']),
        action: choiceOf(auditActions, search['action']),
        actor: wordOf(search['actor']),
        subject: wordOf(search['subject']),
        of: wordOf(search['of']),
        from: calendarDayOf(search['from']),
        to: calendarDayOf(search['to']),
        ip: wordOf(search['ip']),
        request: wordOf(search['request']),
      }),
    component: lazyRouteComponent(() => import('./audit-page'), 'AuditPage'),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: '/events',
    validateSearch: (search: Searched) => optional({ only: wordOf(search['only']) }),
    component: lazyRouteComponent(() => import('./events-page'), 'EventsPage'),
  }),
];
