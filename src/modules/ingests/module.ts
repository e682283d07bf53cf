import type { Module } from '../../kernel/module.js';
import { ingestEvents } from './events.js';
import { IngestEventResolver } from './ingest-event.resolver.js';
import { Ingest } from './ingest.entity.js';
import { ingestReads } from './ingest.reads.js';
import { IngestResolver } from './ingest.resolver.js';
import { ingestsTotal } from './metrics.js';
import { ingestPersonalData } from './personal-data.js';

export const ingestsModule: Module = {
  name: 'ingests',
  entities: [Ingest],
  reads: [ingestReads],
  resolvers: [IngestResolver, IngestEventResolver],
  events: ingestEvents,
  counters: [ingestsTotal],
  personalData: ingestPersonalData,
};
