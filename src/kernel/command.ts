import type { Context } from './context.js';

/** What a command needs of a request. No reader: it reads on connections of its own, outside the command's transaction. */
export type CommandContext = Pick<Context, 'db' | 'viewer' | 'services' | 'requestId' | 'ip' | 'log'>;
