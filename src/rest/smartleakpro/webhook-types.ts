import { webhookEvents } from './webhook-events.js';

/** What each type says, for those who choose one. */
export const webhookTypes = {
  intervention_created: 'Nouvelle intervention',
  intervention_updated: 'Intervention mise à jour',
  intervention_status_changed: "Statut d'une intervention changé",
  rapport_generated: 'Rapport généré',
  media_uploaded: 'Média ajouté',
  user_created: 'Utilisateur créé',
  user_updated: 'Utilisateur mis à jour',
  client_created: 'Client créé',
  client_updated: 'Client mis à jour',
  planning_created: 'Rendez-vous créé',
  planning_updated: 'Rendez-vous mis à jour',
  '*': 'Tous ces événements',
} as const;
export type WebhookType = keyof typeof webhookTypes;

/** The events of the log that a type stands for, as a webhook names them. */
export const eventsOfType = (type: WebhookType): string[] =>
  type === '*' ? ['*'] : webhookEvents.flatMap((line) => (line.type === type ? line.event : []));

/** The type of a webhook with these events; the first one of a webhook that was made elsewhere with several. */
export const typeOfEvents = (events: readonly string[]): string =>
  webhookEvents.find(({ event }) => events.includes(event))?.type ?? '*';
