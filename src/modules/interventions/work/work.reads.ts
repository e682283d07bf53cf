import type { ReadModel } from '../../../kernel/read-model.js';
import { visibleInInterventions } from '../intervention.policy.js';
import { UsedPart } from './used-part.entity.js';
import { WorkEntry } from './work-entry.entity.js';

export const workEntryReads: ReadModel<WorkEntry> = { entity: WorkEntry, visibleTo: visibleInInterventions };
export const usedPartReads: ReadModel<UsedPart> = { entity: UsedPart, visibleTo: visibleInInterventions };
