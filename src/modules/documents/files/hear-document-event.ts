import type { MayHear } from '../../../kernel/event-subscription.js';
import { can } from '../../../kernel/viewer.js';
import { documentReads } from './document.reads.js';

/** Whoever may see the document, as of now, may hear of it; of a purged one its last owner still does. */
export const mayHearOfDocument: MayHear = (event, { viewer, isVisible }) => {
  if (event.type !== 'document.purged') return isVisible(documentReads, event.subjectId);
  const { ownerId } = event.data as { ownerId?: number };
  return can(viewer, 'documents:read') || ownerId === viewer.userId;
};
