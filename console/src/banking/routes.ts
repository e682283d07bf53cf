import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { appRoute } from '../shell/app-route';
import { readAccountSearch } from './account-search';

export interface MoneySearch {
  /** Absent: this month. */
  period?: 'WEEK' | 'YEAR';
  /** Absent: the firm’s own. */
  currency?: string;
}

export const bankingRoutes = [
  createRoute({
    getParentRoute: () => appRoute,
    path: '/accounts',
    component: lazyRouteComponent(() => import('./accounts-page'), 'AccountsPage'),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: '/accounts/$id',
    validateSearch: readAccountSearch,
    component: lazyRouteComponent(() => import('./account-page'), 'AccountPage'),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: '/money',
    validateSearch: ({ period, currency }: Record<string, unknown>): MoneySearch => ({
      period: (['WEEK', 'YEAR'] as const).find((each) => each === period),
      currency: typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? currency : undefined,
    }),
    component: lazyRouteComponent(() => import('./overview-page'), 'MoneyPage'),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: '/categories',
    component: lazyRouteComponent(() => import('./categories-page'), 'CategoriesPage'),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: '/categorization-rules',
    component: lazyRouteComponent(() => import('./rules-page'), 'RulesPage'),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: '/recurrence-rules',
    validateSearch: ({ state }: Record<string, unknown>): { state?: 'stopped' } =>
      state === 'stopped' ? { state } : {},
    component: lazyRouteComponent(() => import('./recurrences-page'), 'RecurrencesPage'),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: '/recurrence-rules/$id',
    component: lazyRouteComponent(() => import('./recurrence-page'), 'RecurrencePage'),
  }),
  createRoute({
    getParentRoute: () => appRoute,
    path: '/budgets',
    component: lazyRouteComponent(() => import('./budgets-page'), 'BudgetsPage'),
  }),
] as const;
