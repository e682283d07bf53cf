/** PostgreSQL keeps every named statement of a session: a text beyond so many runs unnamed. */
const maxNamedStatements = 1000;

/** Gives each text the name under which connections keep it prepared; undefined once there are too many. */
export function statementNames(prefix: string): (text: string) => string | undefined {
  const names = new Map<string, string>();
  return (text) => {
    if (!names.has(text) && names.size < maxNamedStatements) names.set(text, `${prefix}${names.size}`);
    return names.get(text);
  };
}
