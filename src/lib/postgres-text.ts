/** A timestamptz as PostgreSQL prints it in a session whose zone is UTC, as ISO 8601 in whole seconds. */
export const isoSecondsOf = (text: string): string => `${text.slice(0, 10)}T${text.slice(11, 19)}Z`;

/** A text[] of plain words such as scopes: none holds a comma, a brace or a backslash. */
export const wordsOfArray = (text: string): string[] =>
  text
    .slice(1, -1)
    .split(',')
    .filter(Boolean)
    .map((word) => word.replaceAll('"', ''));

/** SQL for a timestamp as the doors print it, `2026-02-03T10:00:00Z`. */
export const isoSecondsSql = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
