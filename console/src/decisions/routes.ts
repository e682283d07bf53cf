import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { appRoute } from '../shell/app-route';

const tabs = ['waiting', 'delegations', 'rules', 'statistics'] as const;
export type DecisionTab = (typeof tabs)[number];

const decisionsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/decisions',
  validateSearch: (search: Record<string, unknown>): { tab?: DecisionTab; id?: number; all?: true } => {
    const tab = tabs.find((each) => each === search['tab']);
    const id = Number(search['id']);
    const isAll = search['all'] === true || search['all'] === 'true';
    return { ...(tab && { tab }), ...(Number.isInteger(id) && id > 0 && { id }), ...(isAll && { all: true }) };
  },
  component: lazyRouteComponent(() => import('./decisions-page'), 'DecisionsPage'),
});

export const decisionRoutes = [decisionsRoute];
