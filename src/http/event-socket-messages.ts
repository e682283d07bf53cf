import { z } from 'zod';
import { isKnownPattern } from '../events/event-patterns.js';

/** xcore.md, « Événements »: names of the document that may be asked for before anything here writes them. */
const documentedTypes = ['plugin.loaded', 'plugin.reloaded', 'task.completed'];

const clientMessage = (isKnown: (wanted: string) => boolean) => {
  const narrowing = {
    events: z.array(z.string().refine(isKnown, "Type d'événement inconnu")).min(1).max(100).default(['*']),
    after: z
      .union([z.string().regex(/^\d{1,18}$/), z.int().min(0)])
      .transform(String)
      .nullish(),
  };
  return z.discriminatedUnion('type', [
    z.object({ type: z.literal('auth'), token: z.string().nullish(), ...narrowing }),
    z.object({ type: z.literal('subscribe'), ...narrowing }),
    z.object({ type: z.literal('ping') }),
  ]);
};

/** The messages of a client, by `type`; unknown keys are ignored. */
export type ClientMessage = z.output<ReturnType<typeof clientMessage>>;

/** The message, or a sentence on what is wrong with it. */
export type MessageReader = (text: string) => { message: ClientMessage } | { problem: string };

/** The codes of DECISIONS.md section 9; those of xcore's envelope of errors for what closes the socket. */
export type SocketProblem =
  | 'BAD_MESSAGE'
  | 'POSITION_UNKNOWN'
  | 'POSITION_EXPIRED'
  | 'RATE_LIMITED'
  | 'AUTHENTICATION_ERROR'
  | 'AUTHORIZATION_ERROR'
  | 'INTERNAL_ERROR';

/** `eventTypes`: all that may be asked for, beside what the document names; asked anew for each message. */
export function messageReader(eventTypes: () => readonly string[]): MessageReader {
  const ClientMessage = clientMessage((wanted) => isKnownPattern(wanted, [...eventTypes(), ...documentedTypes]));
  return (text) => {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      return { problem: 'JSON mal formé' };
    }
    const { data, error } = ClientMessage.safeParse(json, { error: z.locales.fr().localeError });
    if (data) return { message: data };
    return {
      problem: error.issues
        .map(({ path, message }) => (path.length ? `${path.join('.')} : ${message}` : message))
        .join(' ; '),
    };
  };
}
