/** The names of the events that can be in the log: those of the modules, and those that come and go at run time. */
export interface EventTypes {
  list: () => readonly string[];
  /** Throws when a name is taken or is not of the form `<thing>.<what_happened>`; none of them is then added. */
  add: (names: readonly string[]) => void;
  /** What was written under the names stays in the log. Names that are not there are passed over. */
  remove: (names: readonly string[]) => void;
}

export function eventTypes(): EventTypes {
  const known = new Set<string>();
  let list: readonly string[] = [];
  return {
    list: () => list,
    add: (names) => {
      for (const name of names) {
        if (!/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/.test(name))
          throw new Error(`"${name}" is no name of an event: <thing>.<what_happened>, in a-z 0-9 _`);
        if (known.has(name)) throw new Error(`There is an event ${name} already`);
      }
      for (const name of names) known.add(name);
      list = [...known];
    },
    remove: (names) => {
      for (const name of names) known.delete(name);
      list = [...known];
    },
  };
}
