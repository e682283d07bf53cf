import type { ReadModel } from '../../../kernel/read-model.js';
import { visibleInInterventions } from '../intervention.policy.js';
import { ChecklistItem } from './checklist-item.entity.js';

export const checklistItemReads: ReadModel<ChecklistItem> = {
  entity: ChecklistItem,
  visibleTo: visibleInInterventions,
};
