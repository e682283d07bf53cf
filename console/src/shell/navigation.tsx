import {
  Activity,
  Cable,
  CalendarClock,
  CalendarDays,
  CalendarSync,
  ChartLine,
  CircleUser,
  FileInput,
  FileText,
  Gavel,
  House,
  KeySquare,
  Landmark,
  type LucideIcon,
  Puzzle,
  Radio,
  ReceiptText,
  ScrollText,
  Shield,
  Sun,
  Tags,
  Users,
  Webhook,
  Wrench,
} from 'lucide-react';
import type { ComponentType } from 'react';
import { WaitingCount } from '../decisions/waiting-count';
import type { words } from './words';

type Label = NonNullable<(typeof words)['keys']>;

export interface NavigationEntry {
  /** A path below the console. */
  to: string;
  label: Label;
  icon: LucideIcon;
  /** After the label: how much waits there. */
  mark?: ComponentType;
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
  {
    title: 'documents',
    entries: [
      { to: '/documents', label: 'documents', icon: FileText },
      { to: '/decisions', label: 'decisions', icon: Gavel, mark: WaitingCount },
      {
        to: '/filing',
        label: 'filing',
        icon: Tags,
        needs: ['tags:write', 'document_types:write', 'correspondents:write', 'custom_fields:write'],
      },
    ],
  },
  {
    title: 'money',
    entries: [
      { to: '/money', label: 'money', icon: ChartLine },
      { to: '/accounts', label: 'accounts', icon: Landmark },
      { to: '/invoices', label: 'invoices', icon: ReceiptText },
    ],
  },
  {
    title: 'fieldwork',
    entries: [
      { to: '/today', label: 'today', icon: Sun, needs: ['appointments:write'] },
      { to: '/planning', label: 'planning', icon: CalendarDays, needs: ['appointments:read'] },
      { to: '/interventions', label: 'interventions', icon: Wrench, needs: ['interventions:read'] },
      { to: '/contracts', label: 'contracts', icon: CalendarSync, needs: ['interventions:read'] },
      { to: '/report-templates', label: 'reportTemplates', icon: FileText, needs: ['reports:write'] },
      { to: '/clients', label: 'clients', icon: Users, needs: ['clients:read'] },
    ],
  },
  {
    title: 'operation',
    entries: [
      { to: '/people', label: 'people', icon: Users, needs: ['users:read'] },
      { to: '/roles', label: 'roles', icon: Shield, needs: ['roles:read'] },
      { to: '/tasks', label: 'tasks', icon: CalendarClock, needs: ['tasks:read'] },
      { to: '/plugins', label: 'plugins', icon: Puzzle, needs: ['plugins:read'] },
      { to: '/webhooks', label: 'webhooks', icon: Webhook, needs: ['webhooks:write', 'events:read'] },
      { to: '/integrations', label: 'integrations', icon: Cable, needs: ['integrations:read'] },
      { to: '/api-keys', label: 'apiKeys', icon: KeySquare, needs: ['users:write'] },
      { to: '/ingests', label: 'ingests', icon: FileInput, needs: ['documents:write'] },
      { to: '/events', label: 'events', icon: Radio, needs: ['events:read'] },
      { to: '/audit', label: 'audit', icon: ScrollText, needs: ['events:read'] },
      { to: '/monitoring', label: 'monitoring', icon: Activity, needs: ['monitoring:read'] },
    ],
  },
  { title: 'account', entries: [{ to: '/profile', label: 'profile', icon: CircleUser }] },
];
