import { Field, ID, InputType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../kernel/connection.js';
import { Ingest, IngestKind, IngestStatus } from './ingest.entity.js';
import { ingestReads } from './ingest.reads.js';

export const IngestConnection = connectionType('Ingest', () => Ingest);

@InputType({ description: 'Conditions on ingests; all that are given must hold.' })
export class IngestFilter extends ListFilter {
  @Field(() => IngestStatus, { nullable: true, description: 'This far.' })
  status?: IngestStatus;

  @Field(() => IngestKind, { nullable: true, description: 'Of this kind.' })
  kind?: IngestKind;

  @Field(() => ID, { nullable: true, description: "Of this person's documents." })
  ownerId?: string;

  @Field(() => ID, { nullable: true, description: 'Of this document.' })
  documentId?: string;
}

export const IngestListArgs = listArgs('Ingest', ingestReads.list, IngestFilter);
