import { Args, FieldResolver, Resolver } from 'type-graphql';
import {
  answeredByReader,
  type Connection,
  type ConnectionArgs,
  connectionArgs,
  connectionType,
} from '../../../kernel/connection.js';
import { Document } from '../files/document.entity.js';
import { DocumentHistoryEntry } from './document-history-entry.entity.js';

const DocumentHistoryEntryArgs = connectionArgs('DocumentHistoryEntry');

const DocumentHistoryConnection = connectionType('DocumentHistoryEntry', () => DocumentHistoryEntry);

@Resolver(() => Document)
export class DocumentHistoryResolver {
  @FieldResolver(() => DocumentHistoryConnection, { description: 'What happened to it, newest first.' })
  history(@Args(() => DocumentHistoryEntryArgs) _args: ConnectionArgs): Connection<DocumentHistoryEntry> {
    return answeredByReader();
  }
}
