export type RefusalCode = 'BAD_USER_INPUT' | 'NOT_FOUND' | 'FORBIDDEN' | 'CONFLICT';

/** What is wrong with one field of the input: its path, and a message for whoever sent it. */
export interface RefusedField {
  path: readonly string[];
  message: string;
}

/** What `refuse` throws. Everything else that a plugin throws counts as a failure, and its message stays inside. */
export class PluginRefusal extends Error {
  readonly code: RefusalCode;
  readonly fields: readonly RefusedField[];

  constructor(code: RefusalCode, message: string, fields: readonly RefusedField[]) {
    super(message);
    this.name = 'PluginRefusal';
    this.code = code;
    this.fields = fields;
  }
}

/** Refuses what was asked, in words for whoever asked: an error of the graph, or of the dialect's envelope. */
export function refuse(code: RefusalCode, message: string, fields: readonly RefusedField[] = []): never {
  throw new PluginRefusal(code, message, fields);
}
