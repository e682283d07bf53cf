import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../kernel/connection.js';
import { DateTime, Json } from '../../kernel/scalars.js';
import { TaskRun, TaskRunStatus } from './task-run.entity.js';
import { Task, TaskMissedRuns, TaskOverlap, TaskStatus, TaskType } from './task.entity.js';
import { taskReads, taskRunReads } from './task.reads.js';

export const TaskConnection = connectionType('Task', () => Task);
export const TaskRunConnection = connectionType('TaskRun', () => TaskRun);

@InputType({ description: 'Conditions on tasks; all that are given must hold.' })
export class TaskFilter extends ListFilter {
  @Field(() => TaskStatus, { nullable: true, description: 'That are so.' })
  status?: TaskStatus | null;

  @Field(() => TaskType, { nullable: true, description: 'Of this type.' })
  type?: TaskType | null;

  @Field(() => String, { nullable: true, description: 'That do this.' })
  action?: string | null;

  @Field(() => ID, { nullable: true, description: 'That came with this plugin.' })
  pluginId?: string | null;

  @Field(() => String, { nullable: true, description: 'Part of the id or the name, in any case.' })
  search?: string | null;
}

export const TaskListArgs = listArgs('Task', taskReads.list, TaskFilter);

@InputType({ description: 'Conditions on runs; all that are given must hold.' })
export class TaskRunFilter extends ListFilter {
  @Field(() => ID, { nullable: true, description: 'Of this task.' })
  taskId?: string | null;

  @Field(() => TaskRunStatus, { nullable: true, description: 'Of which this became.' })
  status?: TaskRunStatus | null;

  @Field(() => Boolean, { nullable: true, description: 'True: those that began late; false: those in time.' })
  isLate?: boolean | null;
}

export const TaskRunListArgs = listArgs('TaskRun', taskRunReads.list, TaskRunFilter);

@ObjectType({ simpleResolvers: true, description: 'A line of what a run logged.' })
export class TaskLogLine {
  @Field(() => DateTime, { description: 'When.' })
  at!: string;

  @Field(() => String, { description: '`debug`, `info`, `warn` or `error`.' })
  level!: string;

  @Field(() => String, { description: 'What.' })
  message!: string;
}

@ObjectType({ simpleResolvers: true, description: 'Something that a task can do.' })
export class TaskActionInfo {
  @Field(() => String, { description: 'Its name: what a task has as `action`; of a plugin `<plugin>.<name>`.' })
  name!: string;

  @Field(() => String, { description: 'What it does.' })
  description!: string;

  @Field(() => Json, { description: 'What it takes as `params`, as a JSON Schema of 2020-12.' })
  params!: unknown;
}

@InputType({ description: 'When a task runs.' })
abstract class TaskTimesInput {
  @Field(() => Int, { nullable: true, description: 'For `INTERVAL`, which asks for it: 1 to 31,622,400 seconds.' })
  intervalSeconds?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'For `SCHEDULED`, which asks for it: minute, hour, day, month and day of the week, such as `0 3 * * 1-5`. A ' +
      'time that the clock leaps over comes at the first one after it; one that comes twice runs once when hour and ' +
      'minute are single numbers.',
  })
  schedule?: string | null;

  @Field(() => String, { nullable: true, description: 'For `SCHEDULED`: its zone. Default: the one of the firm.' })
  timeZone?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'For `DATE`, which asks for it: a moment to come.' })
  runAt?: Date | null;
}

@InputType({ description: 'When a task would run.' })
export class NextTaskRunsInput extends TaskTimesInput {
  @Field(() => TaskType, { description: 'What says when.' })
  type!: TaskType;
}

@InputType({ description: 'What a task may have beside its id.' })
abstract class TaskSettingsInput extends TaskTimesInput {
  @Field(() => String, { nullable: true, description: 'One of `taskActions`. Default: `noop`.' })
  action?: string | null;

  @Field(() => Json, {
    nullable: true,
    description: 'What the action is told, at most 16 KiB of JSON. Everybody with `tasks:read` sees it: no secrets.',
  })
  params?: unknown;

  @Field(() => TaskOverlap, { nullable: true, description: 'Default: `SKIP`.' })
  overlap?: TaskOverlap | null;

  @Field(() => TaskMissedRuns, { nullable: true, description: 'Default: `ONCE`.' })
  missedRuns?: TaskMissedRuns | null;

  @Field(() => Int, { nullable: true, description: '1 to 86,400 seconds. Default: an hour.' })
  timeLimitSeconds?: number | null;

  @Field(() => Int, { nullable: true, description: '0 to 10. Default: 0.' })
  retryLimit?: number | null;

  @Field(() => Int, { nullable: true, description: '1 to 86,400 seconds, doubled each time. Default: a minute.' })
  retryDelaySeconds?: number | null;

  @Field(() => Int, { nullable: true, description: 'Seconds; null: nobody is alerted, which is the default.' })
  alertAfterSeconds?: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it waits to be resumed. Default: false.' })
  isPaused?: boolean | null;
}

@InputType({ description: 'A new task.' })
export class CreateTaskInput extends TaskSettingsInput {
  @Field(() => ID, {
    description: 'Lower-case letters, digits, `_` and `-`, beginning with a letter: at most 64. It stays.',
  })
  id!: string;

  @Field(() => String, { description: 'What people call it, at most 200 characters.' })
  name!: string;

  @Field(() => TaskType, { description: 'What says when it runs.' })
  type!: TaskType;
}

@InputType({ description: 'Changes to a task; what is not given stays.' })
export class UpdateTaskInput extends TaskSettingsInput {
  @Field(() => ID, { description: 'Which task.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'What people call it, at most 200 characters.' })
  name?: string | null;

  @Field(() => TaskType, { nullable: true, description: 'With another one, what says when it runs is given anew.' })
  type?: TaskType | null;
}

@InputType({ description: 'Which task goes.' })
export class DeleteTaskInput {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
}

@InputType({ description: 'Which task runs now.' })
export class RunTaskInput {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
}

@InputType({ description: 'Which task waits.' })
export class PauseTaskInput {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
}

@InputType({ description: 'Which task goes on.' })
export class ResumeTaskInput {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A task after a change.' })
export class TaskPayload {
  @Field(() => Task, { description: 'The task.' })
  task!: Task;
}

@ObjectType({ simpleResolvers: true, description: 'A run that has begun.' })
export class RunTaskPayload {
  @Field(() => TaskRun, { description: 'The run.' })
  taskRun!: TaskRun;
}
