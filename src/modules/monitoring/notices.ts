import type { Notices } from '../../kernel/notice.js';
import type { AlertEventData } from './events.js';

export const monitoringNotices: Notices = {
  'alert.raised': ({ subjectId, data }) => ({
    type: 'alert',
    recipients: data.adminIds,
    title: titles[data.kind],
    message: `${subjectOf(data)} : ${raisedBy[data.kind](french(data.value), data.requestCount)}`,
    link: linkTo(subjectId),
  }),
  'alert.ended': ({ subjectId, data }) => ({
    type: 'alert',
    recipients: data.adminIds,
    title: `Fin d'alerte : ${titles[data.kind].toLowerCase()}`,
    message: `${subjectOf(data)} : ${endedBy[data.reason]}`,
    link: linkTo(subjectId),
  }),
};

const titles: Readonly<Record<AlertEventData['kind'], string>> = {
  slow_responses: 'Temps de réponse élevé',
  failure_rate: "Taux d'erreur élevé",
  webhook_failures: 'Webhook en échec',
  task_overdue: 'Tâche sans succès',
};

const raisedBy: Readonly<Record<AlertEventData['kind'], (value: string, requests: number | null) => string>> = {
  slow_responses: (value, requests) =>
    `5 % des ${requests} dernières requêtes ont pris plus de ${value} s (seuil : 2 s)`,
  failure_rate: (value, requests) => `${value} % des ${requests} dernières requêtes ont échoué (seuil : 5 %)`,
  webhook_failures: (value) => `une livraison a échoué ${value} fois`,
  task_overdue: (value) => `aucun succès depuis ${value} secondes`,
};

const endedBy = {
  recovered: 'la situation est revenue à la normale',
  quiet: 'presque plus de requêtes depuis une heure',
  delivered: 'une livraison est arrivée',
  disabled: 'il a été désactivé',
  deleted: 'il a été supprimé',
} as const;

const subjectOf = ({ subjectKind, subjectName, webhookName, taskName }: AlertEventData): string => {
  switch (subjectKind) {
    case 'server':
      return 'Le serveur entier';
    case 'route':
      return subjectName;
    case 'operation':
      return `L'opération GraphQL ${subjectName}`;
    case 'webhook':
      return webhookName === null ? `Le webhook ${subjectName}` : `Le webhook ${webhookName}`;
    case 'task':
      return `La tâche ${taskName ?? subjectName}`;
  }
};

const french = (value: number): string => String(Math.round(value * 100) / 100).replace('.', ',');

const linkTo = (id: string): string => `/monitoring/alertes/${id}`;
