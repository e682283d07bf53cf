import { declareEvents, payload, type PayloadsOf } from '../../events/declare.js';
import type { ChangeEventData } from '../../kernel/stale-version.js';

export const clientEvents = declareEvents({
  'client.created': payload<ChangeEventData>(),
  'client.updated': payload<ChangeEventData>(),
  /** Into the trash, with what hangs on it. */
  'client.deleted': payload<ChangeEventData>(),
  'client.restored': payload<ChangeEventData>(),
  /** What named it is gone for good. */
  'client.anonymized': payload<ChangeEventData>(),
});

export type ClientEvents = PayloadsOf<typeof clientEvents>;
