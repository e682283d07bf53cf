import type { Context } from './context.js';

/** What a command needs of a request. No reader: that reads on other connections, outside the command's transaction. */
export type CommandContext = Pick<Context, 'db' | 'viewer' | 'services' | 'requestId' | 'ip' | 'notes' | 'log'>;
