import type { OperationDefinitionNode } from 'graphql';
import type { Context } from '../kernel/context.js';
import { counter } from '../metrics/counter.js';

const operationsTotal = counter({
  name: 'xcore_graphql_operations_total',
  help: 'Operations of GraphQL that were admitted, by name',
  labels: ['operation', 'type'],
  atMost: { operation: 500 },
});

const errorsTotal = counter({
  name: 'xcore_graphql_errors_total',
  help: 'Errors in the answers of GraphQL, by code',
  labels: ['code'],
  atMost: { code: 50 },
});

/** The figures of GraphQL's own doors; REST routes are counted by their paths. */
export const graphCounters = [operationsTotal, errorsTotal];

const longestName = 100;

/** An operation's name as logs and figures show it: clients choose it, and nothing else bounds its length. */
export const shownName = (name: string | null | undefined): string | undefined => name?.slice(0, longestName);

type Counting = Pick<Context, 'viewer' | 'services'>;

/** Names come from clients: those of nobody known are counted together, so that they push no others out. */
export function countOperation(
  { viewer, services }: Counting,
  { name, operation }: Pick<OperationDefinitionNode, 'name' | 'operation'>,
): void {
  const shown = viewer.userId === undefined ? 'signed_out' : (shownName(name?.value) ?? 'unnamed');
  services.count(operationsTotal, { operation: shown, type: operation });
}

/** Counts each error of an answer. */
export function countErrors(
  count: Context['services']['count'],
  errors: readonly { extensions?: Record<string, unknown> | undefined }[] | undefined,
): void {
  for (const { extensions } of errors ?? []) count(errorsTotal, { code: String(extensions?.['code'] ?? 'none') });
}
