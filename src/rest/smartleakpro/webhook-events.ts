import { documented, type DocumentedLine } from '../engine/documented-events.js';
import { interventionStatus } from './words.js';

/**
 * smartleakpro.md, « Types d'événements » and « Format des événements », with DECISIONS.md section 2: the event of the
 * log, its name in the document, and the route whose GET answers `data`. Several events of the log may have one name.
 */
export const webhookEvents: readonly DocumentedLine[] = [
  documented('user.registered', 'user_created', '/utilisateurs/:id'),
  documented('user.updated', 'user_updated', '/utilisateurs/:id'),
  documented('user.activated', 'user_updated', '/utilisateurs/:id'),
  documented('user.deactivated', 'user_updated', '/utilisateurs/:id'),
  documented('user.roles_changed', 'user_updated', '/utilisateurs/:id'),
  documented('client.created', 'client_created', '/clients/:id'),
  documented('client.updated', 'client_updated', '/clients/:id'),
  documented('client.anonymized', 'client_updated', '/clients/:id'),
  documented('intervention.created', 'intervention_created', '/interventions/:id', () => ({ statut: 'planifie' })),
  documented('intervention.updated', 'intervention_updated', '/interventions/:id'),
  documented('intervention.status_changed', 'intervention_status_changed', '/interventions/:id', ({ to }) => ({
    statut: interventionStatus.toWord(to),
  })),
  documented('appointment.created', 'planning_created', '/planning/:id'),
  documented('appointment.updated', 'planning_updated', '/planning/:id'),
  documented('appointment.confirmed', 'planning_updated', '/planning/:id'),
  documented('appointment.move_requested', 'planning_updated', '/planning/:id'),
  documented('media.uploaded', 'media_uploaded', '/medias/:id'),
  documented('report.generated', 'rapport_generated', '/rapports/:id'),
];
