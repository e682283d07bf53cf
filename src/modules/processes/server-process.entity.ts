import type { Opt } from '@mikro-orm/core';
import { Entity, Enum, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { BigInteger, DateTime } from '../../kernel/scalars.js';

export enum ProcessRole {
  ALL = 'all',
  WEB = 'web',
  WORKER = 'worker',
}

registerEnumType(ProcessRole, {
  name: 'ProcessRole',
  description: 'What a process of the server does.',
  valuesConfig: {
    ALL: { description: 'Everything.' },
    WEB: { description: 'It answers requests.' },
    WORKER: { description: 'It does what need not be answered: jobs, consumers of the event log, the clock.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description:
    'A process of the server, on this machine or another one. It is alive when it was heard in the last 10 seconds; ' +
    'what has not been heard for a minute is gone from the list.',
})
@Entity({ tableName: 'processes' })
export class ServerProcess {
  @Field(() => ID, { description: 'UUID, a new one for each start.' })
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Field(() => String, { description: 'Name of its machine.' })
  @Property({ type: 'text' })
  host!: string;

  @Field(() => Int, { description: 'Its number on that machine.' })
  @Property({ type: 'integer' })
  pid!: number;

  @Field(() => ProcessRole, { description: 'What it does.' })
  @Enum({ items: () => ProcessRole })
  role!: ProcessRole;

  @Field(() => String, { description: 'Version of the server that it runs.' })
  @Property({ type: 'text' })
  version!: string;

  @Field(() => DateTime, { description: 'When it started.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  startedAt!: Date & Opt;

  @Field(() => DateTime, { description: 'When it was last heard: every 2 seconds while it is well.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  heardAt!: Date & Opt;

  @Field(() => Boolean, { description: 'It stops: it finishes what is under way and takes nothing new.' })
  @Property({ type: 'boolean', default: false })
  isDraining!: boolean & Opt;

  @Field(() => BigInteger, {
    nullable: true,
    description: 'Revision of the plugins that it serves; null before it has any.',
  })
  @Property({ type: 'bigint', nullable: true })
  pluginRevision?: number | null;
}
