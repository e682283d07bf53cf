import 'reflect-metadata';
import { entitiesOf } from './src/app/compose.js';
import { modules } from './src/app/modules.js';
import { readConfig } from './src/config/config.js';
import { type OrmOptions, ormOptions } from './src/db/embedded-options.js';
import { embeddedFolder } from './src/db/orm-options.js';
import { lockFolder } from './src/lib/folder-lock.js';

/**
 * For MikroORM's command line: the options with which the server opens its own database, from the same environment. On
 * the embedded database it takes the folder's lock, so that it is refused while a server has it open.
 */
export default function options(): OrmOptions {
  const config = readConfig();
  if (!config.databaseUrl) process.on('exit', lockFolder(embeddedFolder(config.dataDir)));
  return ormOptions(config, entitiesOf(modules));
}
