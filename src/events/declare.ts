import { nameEventTypes } from '../kernel/event-type.js';

declare const carried: unique symbol;

/** What an event carries beside its subject. It exists for the compiler; at run time it is empty. */
export interface Payload<T extends object> {
  readonly [carried]?: T;
}

/** Says what an event carries: `'role.created': payload<{ name: string }>()`. */
export const payload = <T extends object>(): Payload<T> => ({});

/** An event that carries nothing. */
export const noPayload = payload<Record<string, never>>();

/** Event names, `<thing>.<what_happened>`, with what they carry. */
export type EventDeclarations = Readonly<Record<string, Payload<object>>>;

/** Declares a module's events, each once: `modules/<name>/events.ts`. The graph gets a value of its enum for each. */
export function declareEvents<E extends EventDeclarations>(events: E): E {
  nameEventTypes(Object.keys(events));
  return events;
}

/** From declarations to payloads by name, as the catalog wants them. */
export type PayloadsOf<E extends EventDeclarations> = {
  [N in keyof E]: E[N] extends Payload<infer T> ? T : never;
};
