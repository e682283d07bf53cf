import { CircleUser, House, Landmark, type LucideIcon } from 'lucide-react';
import type { words } from './words';

type Label = NonNullable<(typeof words)['keys']>;

export interface NavigationEntry {
  /** A path below the console. */
  to: string;
  label: Label;
  icon: LucideIcon;
  /** Any one of these permissions shows it; none: everybody. */
  needs?: readonly string[];
}

export interface NavigationGroup {
  /** Absent: without a heading. */
  title?: Label;
  entries: readonly NavigationEntry[];
}

/** What leads where, from the top. A group of which nothing is shown has no heading either. */
export const navigation: readonly NavigationGroup[] = [
  { entries: [{ to: '/', label: 'overview', icon: House }] },
  { title: 'documents', entries: [] },
  { title: 'money', entries: [{ to: '/accounts', label: 'accounts', icon: Landmark }] },
  { title: 'fieldwork', entries: [] },
  { title: 'operation', entries: [] },
  { title: 'account', entries: [{ to: '/profile', label: 'profile', icon: CircleUser }] },
];
