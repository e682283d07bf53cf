import { rowsOfParent } from '../../kernel/read-model.js';
import type { Viewer } from '../../kernel/viewer.js';
import { hearsFieldwork, visibleFieldwork } from '../clients/fieldwork.policy.js';

export const visibleInterventions = visibleFieldwork('interventions');

/** What belongs to an intervention is seen with it. */
export const visibleInInterventions = (viewer: Viewer) =>
  rowsOfParent('interventions', 'intervention_id', visibleInterventions(viewer));

export const mayHearOfIntervention = hearsFieldwork('interventions');
