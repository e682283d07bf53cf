import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { appRoute } from '../shell/app-route';
import { choiceOf, optional, type Searched } from '../ui/search-values';

export const pluginStatuses = ['ACTIVE', 'INSTALLED', 'DISABLED', 'FAILED'] as const;
export const pluginTabs = ['facts', 'brings', 'rights', 'settings', 'versions'] as const;

export const pluginRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: '/plugins',
    validateSearch: ({ status }: Searched) => optional({ status: choiceOf(pluginStatuses, status) }),
    component: lazyRouteComponent(() => import('./plugins-page'), 'PluginsPage'),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: '/plugins/$id',
    validateSearch: ({ tab }: Searched) => optional({ tab: choiceOf(pluginTabs, tab) }),
    component: lazyRouteComponent(() => import('./plugin-page'), 'PluginPage'),
  }),
];
