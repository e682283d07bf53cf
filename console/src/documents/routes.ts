import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { appRoute } from '../shell/app-route';
import { searchOf } from './list-search';

const listRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/documents',
  validateSearch: searchOf,
  component: lazyRouteComponent(() => import('./list-page'), 'DocumentsPage'),
});

const tabs = ['facts', 'notes', 'versions', 'history', 'sharing', 'text'] as const;
export type DocumentTab = (typeof tabs)[number];

const documentRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/documents/$id',
  validateSearch: ({ tab }: Record<string, unknown>): { tab?: DocumentTab } => {
    const found = tabs.find((each) => each === tab);
    return found ? { tab: found } : {};
  },
  component: lazyRouteComponent(() => import('./document-page'), 'DocumentPage'),
});

const trashRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/trash',
  component: lazyRouteComponent(() => import('./trash-page'), 'TrashPage'),
});

export const documentRoutes = [listRoute, documentRoute, trashRoute];
