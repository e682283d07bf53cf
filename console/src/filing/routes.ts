import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { appRoute } from '../shell/app-route';

const tabs = ['tags', 'types', 'correspondents', 'fields'] as const;
export type FilingTab = (typeof tabs)[number];

const filingRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/filing',
  validateSearch: ({ tab }: Record<string, unknown>): { tab?: FilingTab } => {
    const found = tabs.find((each) => each === tab);
    return found ? { tab: found } : {};
  },
  component: lazyRouteComponent(() => import('./filing-page'), 'FilingPage'),
});

export const filingRoutes = [filingRoute];
