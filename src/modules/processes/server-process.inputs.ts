import { InputType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../kernel/connection.js';
import { ServerProcess } from './server-process.entity.js';
import { serverProcessReads } from './server-process.reads.js';

export const ServerProcessConnection = connectionType('ServerProcess', () => ServerProcess);

@InputType({ description: 'Conditions on processes; all that are given must hold.' })
export class ServerProcessFilter extends ListFilter {}

export const ServerProcessListArgs = listArgs('ServerProcess', serverProcessReads.list, ServerProcessFilter);
