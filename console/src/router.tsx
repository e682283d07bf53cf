import { createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { bankingRoutes } from './banking/routes';
import { clientRoutes } from './clients/routes';
import { decisionRoutes } from './decisions/routes';
import { documentRoutes } from './documents/routes';
import { filingRoutes } from './filing/routes';
import { interventionRoutes } from './interventions/routes';
import { invoiceRoutes } from './invoices/routes';
import { operationRoutes } from './operation/routes';
import { planningRoutes } from './planning/routes';
import { profileRoutes } from './profile/routes';
import { appRoute, rootRoute, signInRoute } from './shell/app-route';
import { NotFound } from './shell/not-found';
import { Failure, Loading } from './ui/page';

const overviewRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./home/overview-page'), 'OverviewPage'),
});

/** Any other address: with the navigation, for whoever is signed in. */
const elsewhereRoute = createRoute({ getParentRoute: () => appRoute, path: '/$', component: NotFound });

/** Every page; each area has its own list, `<area>/routes.ts`, whose pages are loaded when they are first opened. */
const routeTree = rootRoute.addChildren([
  signInRoute,
  appRoute.addChildren([
    overviewRoute,
    ...bankingRoutes,
    ...clientRoutes,
    ...decisionRoutes,
    ...documentRoutes,
    ...filingRoutes,
    ...interventionRoutes,
    ...invoiceRoutes,
    ...planningRoutes,
    ...operationRoutes,
    ...profileRoutes,
    elsewhereRoute,
  ]),
]);

export const router = createRouter({
  routeTree,
  basepath: '/console',
  defaultPreload: 'intent',
  defaultPendingComponent: Loading,
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: ({ error, reset }) => <Failure error={error} retry={reset} />,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
