import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { appRoute } from '../shell/app-route';
import { choiceOf, optional, type Searched } from '../ui/search-values';

export const profileTabs = ['profile', 'security', 'sessions', 'keys', 'notifications', 'data'] as const;

export const profileRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: '/profile',
    validateSearch: ({ tab }: Searched) => optional({ tab: choiceOf(profileTabs, tab) }),
    component: lazyRouteComponent(() => import('./profile-page'), 'ProfilePage'),
  }),
];
