import { z } from 'zod';
import type { StoredEvent } from '../events/catalog.js';

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
  const ClientMessage = clientMessage((wanted) => {
    if (wanted === '*') return true;
    const known = [...eventTypes(), ...documentedTypes];
    return wanted.endsWith('.*') ? known.some((type) => type.startsWith(wanted.slice(0, -1))) : known.includes(wanted);
  });
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

/** True for the types that were asked for; each of `wanted` is an exact name, `prefix.*` or `*`. */
export function matcherOf(wanted: readonly string[]): (type: string) => boolean {
  const prefixes = wanted.flatMap((name) => (name.endsWith('*') ? name.slice(0, -1) : []));
  return (type) => wanted.includes(type) || prefixes.some((prefix) => type.startsWith(prefix));
}

/** An event as the client gets it. The id is text, as positions may outgrow what a JSON number keeps exactly. */
export const eventMessage = ({ position, type, subjectType, subjectId, actorId, occurredAt, data }: StoredEvent) => ({
  id: position,
  type,
  timestamp: occurredAt,
  data: { ...data, subject: { type: subjectType, id: subjectId }, actorId },
});
