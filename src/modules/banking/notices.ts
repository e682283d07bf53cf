import type { EventType } from '../../events/catalog.js';
import type { Notices } from '../../kernel/notice.js';
import { byWhom } from '../documents/notice-words.js';
import type { RecurrenceEventData } from './events.js';

/** A new event of recurrences or balances must say here whom it is told to. */
type Told = Extract<EventType, `balance.${string}` | `recurrence.${string}` | 'bank_account.shared'>;

export const bankingNotices: Required<Pick<Notices, Told>> = {
  'balance.drifted': ({ subjectId, data }) => ({
    type: 'alert',
    recipients: data.adminIds,
    title: 'Soldes incohérents',
    message:
      `${data.accounts} ${data.accounts === 1 ? 'compte' : 'comptes'} dont le solde n'est pas l'ouverture plus les ` +
      `transactions : n° ${data.accountIds.join(', ')}${data.accounts > data.accountIds.length ? ', …' : ''}`,
    link: `/accounts/${subjectId}`,
  }),
  'bank_account.shared': ({ subjectId, data }, by) => ({
    type: 'account_shared',
    recipients: [data.userId],
    title: 'Compte partagé',
    message: `« ${data.name} » est partagé avec vous${byWhom(by)} : vous pouvez ${allowed[data.permission]}`,
    link: `/accounts/${subjectId}`,
  }),
  'recurrence.posted': ({ subjectId, data }) => ({
    type: 'recurrence_posted',
    recipients: [data.createdById],
    title: data.dates.length === 1 ? 'Opération récurrente passée' : 'Opérations récurrentes passées',
    message: `${whatOf(data)} ${data.dates.length === 1 ? `le ${data.dates[0]}` : `: ${data.dates.length} échéances`}`,
    link: linkTo(subjectId),
  }),
  'recurrence.refused': ({ subjectId, data }) => ({
    type: 'recurrence_refused',
    recipients: [data.createdById],
    title: 'Opération récurrente refusée',
    message: `${whatOf(data)} le ${data.date} : le solde du compte d’épargne ne suffit pas`,
    link: linkTo(subjectId),
  }),
  'recurrence.stopped': ({ subjectId, data }) => ({
    type: 'recurrence_refused',
    // Who stopped it by hand knows.
    recipients: data.reason === 'access_lost' ? [data.createdById] : [],
    title: 'Opération récurrente arrêtée',
    message: `${data.description} : vous ne pouvez plus écrire dans ce compte`,
    link: linkTo(subjectId),
  }),
  'recurrence.created': null,
  'recurrence.updated': null,
  'recurrence.skipped': null,
};

const allowed = { read: 'le consulter', write: 'le consulter et y écrire des opérations' } as const;

const whatOf = ({
  description,
  amount,
  currency,
}: RecurrenceEventData & Record<'description' | 'amount' | 'currency', string>) =>
  `${description} (${amount} ${currency})`;

const linkTo = (ruleId: string): string => `/recurrence-rules/${ruleId}`;
