import { Collection, type Opt } from '@mikro-orm/core';
import { Entity, Enum, OneToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime, Json } from '../../kernel/scalars.js';
import { TaskRun } from './task-run.entity.js';

export enum TaskType {
  INTERVAL = 'interval',
  SCHEDULED = 'scheduled',
  DATE = 'date',
}

export enum TaskStatus {
  SCHEDULED = 'scheduled',
  RUNNING = 'running',
  PAUSED = 'paused',
  FAILED = 'failed',
  COMPLETED = 'completed',
}

export enum TaskOverlap {
  SKIP = 'skip',
  WAIT = 'wait',
}

export enum TaskMissedRuns {
  ONCE = 'once',
  SKIP = 'skip',
}

registerEnumType(TaskType, {
  name: 'TaskType',
  description: 'What says when a task runs.',
  valuesConfig: {
    INTERVAL: { description: 'Each time that so many seconds have passed.' },
    SCHEDULED: { description: 'A cron expression on the clock of a time zone.' },
    DATE: { description: 'Once, at a moment.' },
  },
});

registerEnumType(TaskStatus, {
  name: 'TaskStatus',
  description: 'How a task is.',
  valuesConfig: {
    SCHEDULED: { description: 'It waits for its next run.' },
    RUNNING: { description: 'It runs.' },
    PAUSED: { description: 'It waits to be resumed; a run that was under way ends.' },
    FAILED: { description: 'Its last run failed; the next one comes all the same.' },
    COMPLETED: { description: 'It was to run once, and has.' },
  },
});

registerEnumType(TaskOverlap, {
  name: 'TaskOverlap',
  description: 'What becomes of a run that is due while another of the task is under way. There are never two at once.',
  valuesConfig: {
    SKIP: { description: 'It is left out.' },
    WAIT: { description: 'It waits for the end of the other one; of several, one.' },
  },
});

registerEnumType(TaskMissedRuns, {
  name: 'TaskMissedRuns',
  description: 'What becomes of runs that were due while nothing was there to run them, for a minute and more.',
  valuesConfig: {
    ONCE: { description: 'They are made up for by one run.' },
    SKIP: { description: 'They are left out.' },
  },
});

@ObjectType({ simpleResolvers: true, description: 'Something that the server does by the clock.' })
@Entity({ tableName: 'tasks' })
export class Task {
  @Field(() => ID, { description: 'Its name for programs, such as `cleanup_logs`.' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => String, { description: 'What people call it.' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => TaskType, { description: 'What says when it runs.' })
  @Enum({ items: () => TaskType })
  type!: TaskType;

  @Field(() => Int, { nullable: true, description: 'Of an `INTERVAL`: how many seconds from one run to the next.' })
  @Property({ type: 'integer', nullable: true })
  intervalSeconds?: number | null;

  @Field(() => String, { nullable: true, description: 'Of `SCHEDULED`: a cron expression of five fields.' })
  @Property({ type: 'text', nullable: true })
  schedule?: string | null;

  @Field(() => String, { nullable: true, description: 'Of `SCHEDULED`: the IANA name of the zone of its clock.' })
  @Property({ type: 'text', nullable: true })
  timeZone?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'Of `DATE`: when.' })
  @Property({ type: 'timestamptz', nullable: true })
  runAt?: Date | null;

  @Field(() => String, { description: 'What it does: one of `taskActions`.' })
  @Property({ type: 'text' })
  action!: string;

  @Field(() => Json, { description: 'What the action is told: an object, as `taskActions` describes it.' })
  @Property({ type: 'jsonb', defaultRaw: `'{}'` })
  params: Record<string, unknown> & Opt = {};

  @Field(() => TaskStatus, { description: 'How it is.' })
  @Enum({ items: () => TaskStatus, default: TaskStatus.SCHEDULED })
  status: TaskStatus & Opt = TaskStatus.SCHEDULED;

  @Field(() => TaskOverlap, { description: 'What becomes of a run that is due while another is under way.' })
  @Enum({ items: () => TaskOverlap, default: TaskOverlap.SKIP })
  overlap: TaskOverlap & Opt = TaskOverlap.SKIP;

  @Field(() => TaskMissedRuns, { description: 'What becomes of runs that nothing was there for.' })
  @Enum({ items: () => TaskMissedRuns, default: TaskMissedRuns.ONCE })
  missedRuns: TaskMissedRuns & Opt = TaskMissedRuns.ONCE;

  @Field(() => Int, { description: 'An attempt that takes longer, in seconds, has failed.' })
  @Property({ type: 'integer', default: 3600 })
  timeLimitSeconds: number & Opt = 3600;

  @Field(() => Int, { description: 'How often a run that failed is tried again.' })
  @Property({ type: 'integer', default: 0 })
  retryLimit: number & Opt = 0;

  @Field(() => Int, { description: 'Seconds before it is tried again; each time twice as long, at most a day.' })
  @Property({ type: 'integer', default: 60 })
  retryDelaySeconds: number & Opt = 60;

  @Field(() => Int, {
    nullable: true,
    description: 'Seconds without a success after which administrators are alerted; null: they are not.',
  })
  @Property({ type: 'integer', nullable: true })
  alertAfterSeconds?: number | null;

  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  alertSince: Date & Opt = new Date();

  @Field(() => Boolean, { description: "Whether it is the server's own: never deleted, and its action stays." })
  @Property({ type: 'boolean', default: false })
  isSystem: boolean & Opt = false;

  @Field(() => Boolean, {
    description: 'Whether only failures of what the clock began are events: it runs too often for the others.',
  })
  @Property({ type: 'boolean', default: false })
  isQuiet: boolean & Opt = false;

  @Field(() => ID, { nullable: true, description: 'Of the plugin that it came with; null: with none.' })
  @Property({ type: 'text', nullable: true })
  pluginId?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it runs next; null: it is paused, or has run.' })
  @Property({ type: 'timestamptz', nullable: true })
  nextRunAt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When its last run began; null: it never ran.' })
  @Property({ type: 'timestamptz', nullable: true })
  lastRunAt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it last succeeded; null: never.' })
  @Property({ type: 'timestamptz', nullable: true })
  lastSuccessAt?: Date | null;

  @Field(() => Int, { description: 'How many runs succeeded.' })
  @Property({ type: 'integer', default: 0 })
  successCount: number & Opt = 0;

  @Field(() => Int, { description: 'How many runs failed, their retries too.' })
  @Property({ type: 'integer', default: 0 })
  failureCount: number & Opt = 0;

  @Field(() => Int, { description: 'How many runs were left out.' })
  @Property({ type: 'integer', default: 0 })
  skippedCount: number & Opt = 0;

  @Field(() => DateTime, { description: 'When it was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When it was last changed by somebody.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  updatedAt: Date & Opt = new Date();

  // In the graph: the connection `runs` of task.resolver.ts
  @OneToMany({ entity: () => TaskRun, mappedBy: 'task' })
  runs = new Collection<TaskRun>(this);
}
