import type { SqlClient } from '../../db/sql-client.js';
import type { EventType } from '../../events/catalog.js';
import { emit } from '../../events/outbox.js';
import { visibilityCheck } from '../../graph/context.js';
import type { EntityShapes } from '../../graph/reader/metadata.js';
import type { MayHear } from '../../kernel/event-subscription.js';
import { isReader } from '../../kernel/viewer.js';
import type { EventAudience } from '../../modules/audit/audit-event.policy.js';
import type { ActivePlugin } from '../../modules/plugins/plugin-runtime.js';
import type { HostServices } from '../../plugin-host/plugin-process.js';
import type { PluginScope } from './plugin-ports.js';
import { cutDown } from './plugin-scopes.js';

const maxEvents = 100;
const maxDataBytes = 16 * 1024;

/** What stands before the names of a plugin's own events in the log. */
const eventPrefixOf = (plugin: string): string => `${plugin.replaceAll('-', '_')}.`;

export const ownEventsOf = (plugin: string, events: readonly string[]): string[] =>
  events.map((name) => eventPrefixOf(plugin) + name);

/** A type of event as the log has it: plugins call their own by name alone. */
export const eventTypeFor = (plugin: string, name: string): string =>
  name.includes('.') ? name : eventPrefixOf(plugin) + name;

/**
 * What modules say of who hears what, and for events of plugins about an object of the core: who may see that object,
 * as of now. Other events of plugins are for those who read the whole log and for who did it.
 */
export function audienceWithPlugins(
  base: EventAudience,
  shapes: EntityShapes,
  isOfPlugin: (eventType: string) => boolean,
): EventAudience {
  const mightHear: EventAudience['mightHear'] = (viewer, event) =>
    base.mightHear(viewer, event) || (isOfPlugin(event.type) && isReader(viewer) && shapes.has(event.subjectType));
  const mayHear: MayHear = async (event, current) => {
    if (await base.mayHear(event, current)) return true;
    const shape = isOfPlugin(event.type) && isReader(current.viewer) ? shapes.get(event.subjectType) : undefined;
    return shape ? current.isVisible(shape.model, event.subjectId) : false;
  };
  return { mightHear, mayHear };
}

/** Writes the plugin's own events into the log, about what whoever it was called for may see. */
export function emitterFor(
  { id, grants }: Pick<ActivePlugin, 'id' | 'grants'>,
  { db, shapes, read }: { db: SqlClient; shapes: EntityShapes; read: Parameters<typeof visibilityCheck>[2] },
): HostServices<PluginScope>['emit'] {
  return async (scope, { type, subjectType, subjectId, data }) => {
    scope.spent.events += 1;
    if (scope.spent.events > maxEvents) throw new Error(`At most ${maxEvents} events for one request`);
    if (JSON.stringify(data).length > maxDataBytes) throw new Error(`At most ${maxDataBytes} bytes of data`);
    if (!/^[A-Za-z]\w{0,99}$/.test(subjectType) || !/^[\w-]{1,100}$/.test(subjectId))
      throw new Error('The subject is the name of a type and an id');
    const shape = shapes.get(subjectType);
    const viewer = cutDown(scope.viewer, [...grants, 'graph:read']);
    if (shape && !(await visibilityCheck(viewer, shapes, read)(shape.model, subjectId)))
      throw new Error(`${subjectType} ${subjectId} not found`);
    const origin = { viewer: scope.viewer, requestId: scope.requestId, ip: undefined };
    await db.transaction((tx) =>
      emit(tx, origin, (eventPrefixOf(id) + type) as EventType, [subjectType, subjectId], data as never),
    );
  };
}
