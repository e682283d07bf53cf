const ranks = ['admin', 'manager', 'technicien', 'consultant', 'lecteur'] as const;

/**
 * SmartLeakPro shows one role: the highest of its five roles that the person has, else another one of theirs, else the
 * lowest.
 */
export function roleOf(roles: readonly { name: string }[]): string {
  return ranks.find((rank) => roles.some(({ name }) => name === rank)) ?? roles[0]?.name ?? 'lecteur';
}
