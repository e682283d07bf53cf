import { hasReason } from '../graph/problems';
import { type Operation, useGraph } from '../graph/use-graph';

/** What somebody else saved meanwhile, asked for when a change of it was refused for that; undefined before. */
export const useTheirs = <Data>(
  operation: Operation<Data, { id: string }>,
  id: string | undefined,
  error: unknown,
): Data | undefined =>
  useGraph(
    operation,
    { id: id ?? '' },
    { topics: ['filing'], enabled: id !== undefined && hasReason(error, 'stale_version') },
  ).data;
