import type { Notices } from '../../kernel/notice.js';
import type { Language } from '../../lib/language.js';
import type { AlertEventData } from './events.js';

export const monitoringNotices: Notices = {
  'alert.raised': ({ subjectId, data }) => {
    const { title, raised } = kinds[data.kind];
    const subject = subjectOf(data);
    return {
      type: 'alert',
      recipients: data.adminIds,
      fr: { title: title.fr, message: `${subject.fr} : ${raised(data.value, data.requestCount).fr}` },
      en: { title: title.en, message: `${subject.en}: ${raised(data.value, data.requestCount).en}` },
      link: linkTo(subjectId),
    };
  },
  'alert.ended': ({ subjectId, data }) => {
    const { title } = kinds[data.kind];
    const subject = subjectOf(data);
    const why = endedBy[data.reason];
    return {
      type: 'alert',
      recipients: data.adminIds,
      fr: { title: `Fin d'alerte : ${title.fr.toLowerCase()}`, message: `${subject.fr} : ${why.fr}` },
      en: { title: `Alert over: ${title.en.toLowerCase()}`, message: `${subject.en}: ${why.en}` },
      link: linkTo(subjectId),
    };
  },
};

type InEach = Readonly<Record<Language, string>>;

interface KindWords {
  title: InEach;
  raised: (value: number, requests: number | null) => InEach;
}

const kinds: Readonly<Record<AlertEventData['kind'], KindWords>> = {
  slow_responses: {
    title: { fr: 'Temps de réponse élevé', en: 'Slow responses' },
    raised: (value, requests) => ({
      fr: `5 % des ${requests} dernières requêtes ont pris plus de ${french(value)} s (seuil : 2 s)`,
      en: `5% of the last ${english(requests)} requests took more than ${english(value)} s (threshold: 2 s)`,
    }),
  },
  failure_rate: {
    title: { fr: "Taux d'erreur élevé", en: 'High error rate' },
    raised: (value, requests) => ({
      fr: `${french(value)} % des ${requests} dernières requêtes ont échoué (seuil : 5 %)`,
      en: `${english(value)}% of the last ${english(requests)} requests failed (threshold: 5%)`,
    }),
  },
  webhook_failures: {
    title: { fr: 'Webhook en échec', en: 'Failing webhook' },
    raised: (value) => ({
      fr: `une livraison a échoué ${french(value)} fois`,
      en: `a delivery has failed ${value === 1 ? 'once' : `${english(value)} times`}`,
    }),
  },
  task_overdue: {
    title: { fr: 'Tâche sans succès', en: 'Task without success' },
    raised: (value) => ({
      fr: `aucun succès depuis ${french(value)} secondes`,
      en: `no success for ${english(value)} seconds`,
    }),
  },
};

const endedBy = {
  recovered: { fr: 'la situation est revenue à la normale', en: 'things are back to normal' },
  quiet: { fr: 'presque plus de requêtes depuis une heure', en: 'hardly any requests for an hour' },
  delivered: { fr: 'une livraison est arrivée', en: 'a delivery has arrived' },
  disabled: { fr: 'il a été désactivé', en: 'it was switched off' },
  deleted: { fr: 'il a été supprimé', en: 'it was deleted' },
} as const;

const subjectOf = ({ subjectKind, subjectName: name, webhookName, taskName }: AlertEventData): InEach => {
  switch (subjectKind) {
    case 'server':
      return { fr: 'Le serveur entier', en: 'The whole server' };
    case 'route':
      return { fr: name, en: name };
    case 'operation':
      return { fr: `L'opération GraphQL ${name}`, en: `The GraphQL operation ${name}` };
    case 'webhook':
      return { fr: `Le webhook ${webhookName ?? name}`, en: `The webhook ${webhookName ?? name}` };
    case 'task':
      return { fr: `La tâche ${taskName ?? name}`, en: `The task ${taskName ?? name}` };
  }
};

const french = (value: number): string => String(Math.round(value * 100) / 100).replace('.', ',');

const englishNumbers = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 });
const english = (value: number | null): string => (value === null ? '' : englishNumbers.format(value));

const linkTo = (id: string): string => `/monitoring/alertes/${id}`;
