import { theSystem } from '../../kernel/viewer.js';
import { activePlugins, pluginSettings } from '../../modules/plugins/active-plugins.js';
import { failPlugin } from '../../modules/plugins/change-plugin.js';
import { openPackage, sweepPackageFolders } from '../../modules/plugins/packages/package-store.js';
import { StorageProblem } from '../../modules/plugins/storage/column-values.js';
import { pluginStorage } from '../../modules/plugins/storage/plugin-storage.js';
import { tablesOf } from '../../modules/plugins/storage/plugin-tables.js';
import type { AppServices } from '../services.js';
import type { PluginShelf } from './plugin-ports.js';

/** The plugins as the database and the content store keep them. */
export function pluginShelf({ config, database, services, ownContext, log }: AppServices): PluginShelf {
  const { dataDir } = config;
  return {
    active: activePlugins,
    folderOf: ({ id, packageHash }) => openPackage({ store: services.store, dataDir }, { id, hash: packageHash }),
    sweep: (kept) =>
      sweepPackageFolders(
        dataDir,
        kept.map(({ id, packageHash }) => ({ id, hash: packageHash })),
      ),
    servicesOf: ({ id, contribution }) => {
      const run = pluginStorage(database.client, id, tablesOf(contribution.migrations));
      return {
        storage: (_scope, operation) =>
          run(operation).catch((error: unknown) => {
            if (error instanceof StorageProblem) throw error;
            log.error({ err: error, plugin: id }, 'the storage of a plugin failed');
            throw new Error('The storage does not answer now');
          }),
        settings: () => pluginSettings(database.client, services.sealer, id),
      };
    },
    failed: ({ id, packageHash }, reason) => failPlugin(ownContext(theSystem, 'plugins'), id, { reason, packageHash }),
    serves: services.presence.serves,
  };
}
