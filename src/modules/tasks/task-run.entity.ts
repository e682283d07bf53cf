import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../kernel/scalars.js';
import { User } from '../identity/people/user.entity.js';
import { Task } from './task.entity.js';

export enum TaskRunStatus {
  RUNNING = 'running',
  SUCCESS = 'success',
  FAILURE = 'failure',
  SKIPPED = 'skipped',
}

registerEnumType(TaskRunStatus, {
  name: 'TaskRunStatus',
  description: 'What became of a run.',
  valuesConfig: {
    RUNNING: { description: 'It is under way, or waits to be tried again.' },
    SUCCESS: { description: 'It succeeded.' },
    FAILURE: { description: 'It failed, and is not tried again.' },
    SKIPPED: { description: 'It was due and left out; its log says why.' },
  },
});

/** A line that an action logged. */
export interface LogLine {
  /** ISO 8601. */
  at: string;
  level: 'debug' | 'info' | 'warn' | 'error';
  message: string;
}

@ObjectType({
  simpleResolvers: true,
  description: 'One time that a task was due, or was asked for, with all attempts.',
})
@Entity({ tableName: 'task_runs' })
export class TaskRun {
  @Field(() => ID, { description: 'Number of the run.' })
  @PrimaryKey({ type: 'integer' })
  id!: number & Opt;

  @Field(() => Task, { description: 'Of which task.' })
  @ManyToOne({ entity: () => Task, ref: true })
  task!: Ref<Task>;

  @Field(() => TaskRunStatus, { description: 'What became of it.' })
  @Enum({ items: () => TaskRunStatus })
  status!: TaskRunStatus;

  @Field(() => DateTime, { nullable: true, description: 'When it was due; null: somebody asked for it.' })
  @Property({ type: 'timestamptz', nullable: true })
  dueAt?: Date | null;

  @Field(() => User, { nullable: true, description: 'Who asked for it; null: the clock.' })
  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  startedBy?: Ref<User> | null;

  @Field(() => DateTime, { description: 'When it began.' })
  @Property({ type: 'timestamptz' })
  startedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it ended; null: it has not.' })
  @Property({ type: 'timestamptz', nullable: true })
  finishedAt?: Date | null;

  @Field(() => Boolean, { description: 'Whether it began more than five seconds after it was due.' })
  @Property({ type: 'boolean', default: false })
  isLate: boolean & Opt = false;

  @Field(() => Int, { description: 'How often it was begun: again after a failure, or when its process had ended.' })
  @Property({ type: 'integer', default: 0 })
  attempt: number & Opt = 0;

  @Property({ type: 'integer', default: 0 })
  failures: number & Opt = 0;

  @Property({ type: 'integer', default: 0 })
  lease: number & Opt = 0;

  @Property({ type: 'timestamptz', nullable: true })
  leasedUntil?: Date | null;

  @Property({ type: 'jsonb', defaultRaw: `'[]'` })
  log: LogLine[] & Opt = [];

  @Field(() => String, { nullable: true, description: 'Why it failed, or last failed; null: it did not.' })
  @Property({ type: 'text', nullable: true })
  error?: string | null;
}
