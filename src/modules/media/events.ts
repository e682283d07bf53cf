import { declareEvents, payload, type PayloadsOf } from '../../events/declare.js';
import type { ChangeEventData } from '../../kernel/stale-version.js';

export interface MediumEventData extends ChangeEventData {
  interventionId: string;
}

export const mediaEvents = declareEvents({
  'media.uploaded': payload<MediumEventData>(),
  'media.updated': payload<MediumEventData>(),
  'media.deleted': payload<MediumEventData>(),
});

export type MediaEvents = PayloadsOf<typeof mediaEvents>;
