import { Field, InputType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../../kernel/connection.js';
import { Alert, AlertKind } from './alert.entity.js';
import { alertReads } from './alert.reads.js';

export const AlertConnection = connectionType('Alert', () => Alert);

@InputType({ description: 'Conditions on alerts; all that are given must hold.' })
export class AlertFilter extends ListFilter {
  @Field(() => AlertKind, { nullable: true, description: 'Of this kind.' })
  kind?: AlertKind | null;

  @Field(() => Boolean, { nullable: true, description: 'True: those that have not ended; false: those that have.' })
  isUp?: boolean | null;
}

export const AlertListArgs = listArgs('Alert', alertReads.list, AlertFilter);
