import { createRootRoute, createRoute, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { findViewer } from '../session/session';
import { Failure, Loading } from '../ui/page';
import { NotFound } from './not-found';
import { Surroundings } from './surroundings';

export const rootRoute = createRootRoute({
  component: () => (
    <Surroundings>
      <Outlet />
    </Surroundings>
  ),
  notFoundComponent: NotFound,
});

/**
 * Where an address leads after signing in: a path of this site, by the rule of the server's own login page. Browsers
 * read `//host` and `/\host` as another site, and drop tabs and line breaks first.
 */
const nextOf = (value: unknown): string =>
  // oxlint-disable-next-line no-control-regex
  typeof value === 'string' && /^\/(?!\/)[^\\\u0000-\u0020\u007f]*$/.test(value) ? value : '/console/';

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: ({ next }: Record<string, unknown>) => ({ next: nextOf(next) }),
  component: lazyRouteComponent(() => import('../session/sign-in-page'), 'SignInPage'),
});

/** What whoever is signed in gets; whoever is not signs in first and comes back. */
export const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'app',
  beforeLoad: async ({ location }) => {
    if (await findViewer()) return;
    throw redirect({ to: '/sign-in', search: { next: `/console${location.href}` }, replace: true });
  },
  component: lazyRouteComponent(() => import('./frame'), 'Frame'),
  pendingComponent: Loading,
  errorComponent: ({ error, reset }) => <Failure error={error} retry={reset} />,
});
