import type { EventType } from '../../events/catalog.js';
import { englishDay } from '../../kernel/notice-days.js';
import type { Notices } from '../../kernel/notice.js';
import type { RecurrenceEventData } from './events.js';

/** A new event of recurrences or balances must say here whom it is told to. */
type Told = Extract<EventType, `balance.${string}` | `recurrence.${string}` | 'bank_account.shared'>;

export const bankingNotices: Required<Pick<Notices, Told>> = {
  'balance.drifted': ({ subjectId, data: { accounts, accountIds, adminIds } }) => {
    const numbers = `${accountIds.join(', ')}${accounts > accountIds.length ? ', …' : ''}`;
    return {
      type: 'alert',
      recipients: adminIds,
      fr: {
        title: 'Soldes incohérents',
        message:
          `${accounts} ${accounts === 1 ? 'compte' : 'comptes'} dont le solde n'est pas l'ouverture plus les ` +
          `transactions : n° ${numbers}`,
      },
      en: {
        title: 'Inconsistent balances',
        message:
          `${accounts.toLocaleString('en-GB')} ${accounts === 1 ? 'account' : 'accounts'} whose balance is not the ` +
          `opening balance plus the transactions: no. ${numbers}`,
      },
      link: `/accounts/${subjectId}`,
    };
  },
  'bank_account.shared': ({ subjectId, data: { userId, name, permission } }, by) => ({
    type: 'account_shared',
    recipients: [userId],
    fr: {
      title: 'Compte partagé',
      message: `« ${name} » est partagé avec vous${by.fr} : vous pouvez ${allowed[permission].fr}`,
    },
    en: {
      title: 'Account shared',
      message: `“${name}” was shared with you${by.en}: you may ${allowed[permission].en}`,
    },
    link: `/accounts/${subjectId}`,
  }),
  'recurrence.posted': ({ subjectId, data }) => {
    const { dates } = data;
    const [day = ''] = dates;
    return {
      type: 'recurrence_posted',
      recipients: [data.createdById],
      ...(dates.length === 1
        ? {
            fr: { title: 'Opération récurrente passée', message: `${frenchOf(data)} le ${day}` },
            en: { title: 'Recurring transaction posted', message: `${englishOf(data)} on ${englishDay(day)}` },
          }
        : {
            fr: {
              title: 'Opérations récurrentes passées',
              message: `${frenchOf(data)} : ${dates.length} échéances`,
            },
            en: { title: 'Recurring transactions posted', message: `${englishOf(data)}: ${dates.length} due dates` },
          }),
      link: linkTo(subjectId),
    };
  },
  'recurrence.refused': ({ subjectId, data }) => ({
    type: 'recurrence_refused',
    recipients: [data.createdById],
    fr: {
      title: 'Opération récurrente refusée',
      message: `${frenchOf(data)} le ${data.date} : le solde du compte d’épargne ne suffit pas`,
    },
    en: {
      title: 'Recurring transaction refused',
      message: `${englishOf(data)} on ${englishDay(data.date)}: the balance of the savings account is too low`,
    },
    link: linkTo(subjectId),
  }),
  'recurrence.stopped': ({ subjectId, data: { description, reason, createdById } }) => ({
    type: 'recurrence_refused',
    // Who stopped it by hand knows.
    recipients: reason === 'access_lost' ? [createdById] : [],
    fr: {
      title: 'Opération récurrente arrêtée',
      message: `${description} : vous ne pouvez plus écrire dans ce compte`,
    },
    en: { title: 'Recurring transaction stopped', message: `${description}: you may no longer write to this account` },
    link: linkTo(subjectId),
  }),
  'recurrence.created': null,
  'recurrence.updated': null,
  'recurrence.skipped': null,
};

const allowed = {
  read: { fr: 'le consulter', en: 'look at it' },
  write: { fr: 'le consulter et y écrire des opérations', en: 'look at it and enter transactions' },
} as const;

type Occurrence = RecurrenceEventData & Record<'description' | 'amount' | 'currency', string>;

const frenchOf = ({ description, amount, currency }: Occurrence): string => `${description} (${amount} ${currency})`;

const englishOf = ({ description, amount, currency }: Occurrence): string =>
  `${description} (${Number(amount).toLocaleString('en-GB', { style: 'currency', currency })})`;

const linkTo = (ruleId: string): string => `/recurrence-rules/${ruleId}`;
