import {
  CalendarDays,
  CalendarSync,
  CircleUser,
  House,
  Landmark,
  type LucideIcon,
  Sun,
  Users,
  Wrench,
} from 'lucide-react';
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
  {
    title: 'fieldwork',
    entries: [
      { to: '/today', label: 'today', icon: Sun, needs: ['appointments:write'] },
      { to: '/planning', label: 'planning', icon: CalendarDays, needs: ['appointments:read'] },
      { to: '/interventions', label: 'interventions', icon: Wrench, needs: ['interventions:read'] },
      { to: '/contracts', label: 'contracts', icon: CalendarSync, needs: ['interventions:read'] },
      { to: '/clients', label: 'clients', icon: Users, needs: ['clients:read'] },
    ],
  },
  { title: 'operation', entries: [] },
  { title: 'account', entries: [{ to: '/profile', label: 'profile', icon: CircleUser }] },
];
