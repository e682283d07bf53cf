import type { PluginCall } from './plugin-process.js';

/** What the server sends to a plugin's process. */
export type ToPlugin =
  | { t: 'start'; folder: string; main: string; sdk: string }
  | { t: 'call'; id: number; call: PluginCall }
  | { t: 'cancel'; id: number }
  | { t: 'reply'; id: number; value?: unknown; error?: string }
  | { t: 'ping'; n: number };

/** What the process sends; checked when it comes in, since it may be anything. */
export type FromPlugin =
  | { t: 'ready'; contribution: unknown }
  | { t: 'result'; id: number; value: unknown }
  | {
      t: 'failed';
      id: number;
      message: string;
      stack?: string | undefined;
      refusal?: { code: string; fields: readonly unknown[] };
    }
  /** Something that the plugin asks of the server during a call. */
  | { t: 'request'; id: number; call: number; op: string; value: unknown }
  /** `call`: during which one; absent outside of them. */
  | { t: 'log'; level: 'debug' | 'info' | 'warn' | 'error'; message: string; details?: string; call?: number }
  | { t: 'pong'; n: number }
  /** It is over, and waits to be killed. */
  | { t: 'broken'; reason: string };
