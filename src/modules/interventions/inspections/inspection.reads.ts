import type { ReadModel } from '../../../kernel/read-model.js';
import { visibleInInterventions } from '../intervention.policy.js';
import { Inspection } from './inspection.entity.js';

export const inspectionReads: ReadModel<Inspection> = { entity: Inspection, visibleTo: visibleInInterventions };
