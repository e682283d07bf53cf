import type { StoredEvent } from '../../../events/catalog.js';
import type { Context } from '../../../kernel/context.js';
import { can } from '../../../kernel/viewer.js';
import { documentReads } from './document.reads.js';

/** Whether the viewer, as of now, may see the document of an event; of a purged one its last owner still hears. */
export async function mayHearOfDocument(
  event: StoredEvent,
  { viewer, isVisible }: Awaited<ReturnType<Context['refresh']>>,
): Promise<boolean> {
  if (event.type !== 'document.purged') return isVisible(documentReads, event.subjectId);
  const { ownerId } = event.data as { ownerId?: number };
  return can(viewer, 'documents:read') || ownerId === viewer.userId;
}
