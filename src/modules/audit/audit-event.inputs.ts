import { Field, ID, InputType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../kernel/connection.js';
import { EventType } from '../../kernel/event-type.js';
import { DateTime, Position } from '../../kernel/scalars.js';
import { AuditAction } from './audit-action.js';
import { AuditEvent } from './audit-event.entity.js';
import { auditEventReads } from './audit-event.reads.js';

export const AuditEventConnection = connectionType('AuditEvent', () => AuditEvent);

@InputType({ description: 'What an event happened to.' })
class AuditSubjectFilter {
  @Field(() => String, { description: 'Kind of thing, such as `Document`.' })
  type!: string;

  @Field(() => ID, { nullable: true, description: 'Which one; absent: any of the kind.' })
  id?: string | null;
}

@InputType({ description: 'Conditions on events; all that are given must hold.' })
export class AuditEventFilter extends ListFilter {
  @Field(() => [Position], { nullable: true, description: 'Only these, by `position`: at most 100.' })
  override ids?: string[] | null;

  @Field(() => EventType, { nullable: true, description: 'Of this type.' })
  type?: string | null;

  @Field(() => String, { nullable: true, description: 'Of this name in the log, such as `user.login`.' })
  name?: string | null;

  @Field(() => AuditAction, { nullable: true, description: 'That did this to their subjects.' })
  action?: AuditAction | null;

  @Field(() => ID, { nullable: true, description: 'Done by this person: number or UUID.' })
  actorId?: string | null;

  @Field(() => ID, { nullable: true, description: 'About this person: number or UUID.' })
  userId?: string | null;

  @Field(() => AuditSubjectFilter, { nullable: true, description: 'Happened to this.' })
  subject?: AuditSubjectFilter | null;

  @Field(() => String, { nullable: true, description: 'From this address.' })
  ip?: string | null;

  @Field(() => String, { nullable: true, description: 'In this request.' })
  requestId?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'At this moment or later.' })
  occurredAfter?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Before this moment.' })
  occurredBefore?: Date | null;
}

export const AuditEventListArgs = listArgs('AuditEvent', auditEventReads.list, AuditEventFilter);
