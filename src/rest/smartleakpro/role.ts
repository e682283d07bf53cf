/** From the one that may do the most; contracts/DECISIONS.md, section 2. */
const byRank = ['admin', 'manager', 'technicien', 'consultant', 'lecteur'];

/** The one role that the document shows of a person: the highest that it knows, else the first other one, else `lecteur`. */
export function roleOf(roles: readonly { name: string }[]): string {
  const names = roles.map(({ name }) => name);
  return byRank.find((name) => names.includes(name)) ?? names[0] ?? 'lecteur';
}
