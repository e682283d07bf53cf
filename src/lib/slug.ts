/** Longest id of a thing that is named by a slug: a task, a plugin. */
export const longestSlug = 64;

/** Whether a text names a task or a plugin: lower-case letters, digits, `_` and `-`, beginning with a letter. */
export const isSlug = (text: string): boolean => text.length <= longestSlug && /^[a-z][a-z0-9_-]*$/.test(text);
