import { getOperationAST } from 'graphql';
import { dialects } from './dialects.js';

export interface ListedRoute {
  method: string;
  path: string;
  credential: string;
  /** Name of its GraphQL operation; null for a route that is answered without one. */
  operation: string | null;
  /** Of the contract. */
  section: string;
}

/** Every REST route of the core. */
export const routeList = (): ListedRoute[] =>
  dialects().flatMap(({ prefix, routes }) =>
    routes.map((route) => ({
      method: route.method.toUpperCase(),
      path: `${prefix}${route.path}`,
      credential: route.credential,
      operation: 'operation' in route ? (getOperationAST(route.operation)?.name?.value ?? '') : null,
      section: route.section,
    })),
  );
