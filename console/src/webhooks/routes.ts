import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { appRoute } from '../shell/app-route';
import { choiceOf, optional, type Searched, wordOf } from '../ui/search-values';

export const endpointStatuses = ['ACTIVE', 'PAUSED', 'INACTIVE'] as const;
export const deliveryStatuses = ['PENDING', 'DELIVERED', 'FAILED'] as const;

export const webhookRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: '/webhooks',
    validateSearch: ({ search, status }: Searched) =>
      optional({
        search: wordOf(search),
        status: choiceOf(endpointStatuses, status),
      }),
    component: lazyRouteComponent(() => import('./webhooks-page'), 'WebhooksPage'),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: '/webhooks/$id',
    validateSearch: ({ status, event }: Searched) =>
      optional({
        status: choiceOf(deliveryStatuses, status),
        event: wordOf(event),
      }),
    component: lazyRouteComponent(() => import('./webhook-page'), 'WebhookPage'),
  }),
];
