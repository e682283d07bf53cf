import { OperationTypeNode } from 'graphql';
import { formatted } from '../../graph/apollo.js';
import { countErrors } from '../../graph/counters.js';
import { bounded, type Execution } from '../../graph/executor.js';
import { streamedOperation } from '../../graph/streamed-operation.js';
import type { PageAnswer, PluginWithPages } from '../../http/plugin-pages.js';
import { forbidden } from '../../lib/errors.js';
import type { ActivePlugin } from '../../modules/plugins/plugin-runtime.js';
import type { Graph } from '../graph.js';
import type { AppServices } from '../services.js';
import type { PluginShelf } from './plugin-ports.js';
import { cutDown } from './plugin-scopes.js';

interface PageParts {
  app: AppServices;
  graph: Graph;
  shelf: Pick<PluginShelf, 'folderOf'>;
}

/** A plugin as its pages have it: what they ask is charged to whoever looks at them. */
export const pluginWithPages = (plugin: ActivePlugin, { app, graph, shelf }: PageParts): PluginWithPages => ({
  id: plugin.id,
  name: plugin.manifest.name,
  pages: plugin.contribution.pages,
  packageHash: plugin.packageHash,
  folder: () => shelf.folderOf(plugin),
  ask: async (context, asked): Promise<PageAnswer> => {
    const { live, execute } = graph;
    const { count } = app.services;
    const shownOf = (errors: Parameters<typeof formatted>[0]): ReturnType<typeof formatted> => {
      const shown = formatted(errors, app.log);
      countErrors(count, shown);
      return shown;
    };
    const found = await streamedOperation(context, asked, { live, admission: app.quotas.admission });
    if ('errors' in found) {
      const errors = shownOf(found.errors);
      return { status: errors[0]?.extensions?.['code'] === 'RATE_LIMITED' ? 429 : 400, body: { errors } };
    }
    const grant = grantFor(found.asked.operation);
    if (!grant) throw forbidden('Pages of plugins ask by queries and mutations');
    if (!plugin.grants.includes(grant)) throw forbidden(`The plugin was not granted ${grant}`, 'scope');
    const { schema, document, operationName } = found.operation;
    const { requestId, ip, notes, signal } = context;
    const execution: Execution = {
      schema,
      document,
      operationName,
      variables: { ...asked.variables },
      context: app.makeContext.forViewer(cutDown(context.viewer, plugin.grants), {
        credential: undefined,
        requestId,
        ip,
        userAgent: undefined,
        notes,
        ...(signal && { signal }),
      }),
    };
    const { data, errors } = bounded(execution, await execute.values(execution));
    if (!errors?.length) return { status: 200, body: { data } };
    return { status: 200, body: { errors: shownOf(errors), data: data ?? null } };
  },
});

function grantFor(operation: OperationTypeNode): string | undefined {
  if (operation === OperationTypeNode.QUERY) return 'graph:read';
  return operation === OperationTypeNode.MUTATION ? 'graph:write' : undefined;
}
