import { z } from 'zod';

/** The roles of SmartLeakPro, the strongest first. */
export const Role = z.enum(['admin', 'manager', 'technicien', 'consultant', 'lecteur']);
export type Role = z.infer<typeof Role>;

/**
 * SmartLeakPro shows one role: the strongest of its five that the person holds, `lecteur` when they hold none
 * (DECISIONS.md, section 8).
 */
export const roleOf = (roles: readonly { name: string }[]): Role =>
  Role.options.find((role) => roles.some(({ name }) => name === role)) ?? 'lecteur';
