import { declareEvents, payload, type PayloadsOf } from '../../events/declare.js';

interface IngestEventData {
  ownerId: number;
  kind: 'watched' | 'upload' | 'recognition';
}

export const ingestEvents = declareEvents({
  'ingest.started': payload<IngestEventData>(),
  /** At most one a second of each ingest. */
  'ingest.progress': payload<IngestEventData & { step: string; done: number; total: number | null }>(),
  'ingest.finished': payload<IngestEventData & { result: 'done' | 'duplicate'; documentId: number | null }>(),
  'ingest.refused': payload<IngestEventData & { reason: string }>(),
});

export type IngestEvents = PayloadsOf<typeof ingestEvents>;
