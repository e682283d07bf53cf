import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { SqlClient } from '../../db/sql-client.js';
import type { EventType, StoredEvent } from '../../events/catalog.js';
import type { Consume, EventConsumer } from '../../events/consumer.js';
import { told } from '../../graph/plugins/plugin-resolvers.js';
import type { Services } from '../../kernel/context.js';
import { viewerOfPerson } from '../../modules/identity/people/viewer-of-person.js';
import type { PluginScope } from './plugin-ports.js';
import { cutDown, scopeFor } from './plugin-scopes.js';
import type { ServedPlugin } from './served-plugin.js';

const handleMs = 30_000;
/** An event that a plugin fails with as often is passed over, and noted in `event_failures`. */
const tries = 3;
const betweenTriesMs = 500;

export const consumerNameOf = (plugin: string): string => `plugin:${plugin}`;

/**
 * Hands a plugin the events that its handlers want and its person may hear, in order and at least once each. One that
 * it fails with does not hold up those after it.
 */
export function handlerConsumer(
  plugin: ServedPlugin,
  { db, services, log }: { db: SqlClient; services: Pick<Services, 'mayHear'>; log: Logger },
): EventConsumer {
  const { id, grants, runAsId } = plugin.plugin;
  const { handles } = plugin.contribution;
  const audible = async (events: readonly StoredEvent[]): Promise<{ events: StoredEvent[]; scope?: PluginScope }> => {
    const person = runAsId === null ? undefined : await viewerOfPerson(db, runAsId);
    if (!person) return { events: [] };
    const heard: StoredEvent[] = [];
    for (const event of events) if (await services.mayHear(db, event, person)) heard.push(event);
    return { events: heard, scope: scopeFor(id, cutDown(person, grants), `events_${events[0]?.position}`) };
  };
  const handle = async (events: readonly StoredEvent[], scope: PluginScope): Promise<void> => {
    await plugin.call({ kind: 'handle', events: events.map(told) }, scope, { timeoutMs: handleMs });
  };
  return {
    name: consumerNameOf(id),
    ...(!handles.includes('*') && { types: handles as EventType[] }),
    prepare: async (wanted): Promise<Consume> => {
      const { events, scope } = await audible(wanted);
      const failed = new Map<string, Error>();
      if (events.length && scope) {
        await handle(events, scope).catch(async () => {
          for (const event of events) {
            const error = await untilHandled(() => handle([event], scope));
            if (error) failed.set(event.position, error);
            // It was replaced: its successor begins with the batch anew.
            if (plugin.hasLeft()) throw new Error(`The plugin ${id} has left`);
          }
        });
      }
      for (const [position, err] of failed)
        log.warn({ err, plugin: id, position }, 'a plugin could not handle an event');
      return async (_tx, { position }) => {
        const error = failed.get(position);
        if (error) throw error;
      };
    },
  };
}

async function untilHandled(handle: () => Promise<void>): Promise<Error | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await handle();
      return undefined;
    } catch (error) {
      if (attempt === tries) return error as Error;
      await wait(betweenTriesMs * attempt, undefined, { ref: false });
    }
  }
}
