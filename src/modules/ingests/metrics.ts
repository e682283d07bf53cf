import type { Services } from '../../kernel/context.js';
import { counter } from '../../metrics/counter.js';
import type { IngestKind } from './ingest.entity.js';

export const ingestsTotal = counter({
  name: 'xcore_ingests_total',
  help: 'Files taken in and texts recognised, by result',
  labels: ['kind', 'result'],
});

/** Counts an ingest that came to its end. Call it after the commit. */
export const countIngest = ({ count }: Services, kind: `${IngestKind}`, result: string): void =>
  count(ingestsTotal, { kind, result });
