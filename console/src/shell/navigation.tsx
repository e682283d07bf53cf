import { CircleUser, House, type LucideIcon } from 'lucide-react';
import type { words } from './words';

export interface NavigationEntry {
  /** A path below the console. */
  to: string;
  label: NonNullable<(typeof words)['keys']>;
  icon: LucideIcon;
  /** Any one of these permissions shows it; none: everybody. */
  needs?: readonly string[];
}

/** What leads where, from the top. */
export const navigation: readonly NavigationEntry[] = [
  { to: '/', label: 'overview', icon: House },
  { to: '/profile', label: 'profile', icon: CircleUser },
];
