import { registerEnumType } from 'type-graphql';

const unknown = 'unknown';

/**
 * The events of the log as the graph names them, `USER_LOGIN` for `user.login`: a value for each that is declared by
 * the time the schema is built.
 */
export const EventType: Record<string, string> = { UNKNOWN: unknown };

const valuesConfig: Record<string, { description: string }> = {
  UNKNOWN: { description: 'An event that this server does not know any more, such as one of a plugin: see `name`.' },
};

registerEnumType(EventType, { name: 'EventType', description: 'What happened.', valuesConfig });

/** Adds events by their names in the log. Throws for two that the graph could not tell apart. */
export function nameEventTypes(names: readonly string[]): void {
  for (const name of names) {
    const key = name.replace('.', '_').toUpperCase();
    if (EventType[key] !== undefined && EventType[key] !== name)
      throw new Error(`${name} and ${EventType[key]} are both ${key} in the graph`);
    EventType[key] = name;
    valuesConfig[key] = { description: `The event \`${name}\`.` };
  }
}

/** The value for a name from the log: what was declared once may be gone, and its events stay. */
export const eventTypeOf = (name: string): string => (Object.values(EventType).includes(name) ? name : unknown);
