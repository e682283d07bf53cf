import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Extensions, FieldResolver, ID, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import { z } from 'zod';
import { answeredByReader, type Connection, type ListArgs } from '../../kernel/connection.js';
import type { Context } from '../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../kernel/payload.js';
import { Planned } from '../../kernel/planned.js';
import { givenFilter } from '../../kernel/read-model.js';
import { DateTime } from '../../kernel/scalars.js';
import { requirePermission } from '../../kernel/viewer.js';
import { createTask } from './create-task.js';
import { deleteTask } from './delete-task.js';
import { nextTaskRuns } from './next-task-runs.js';
import { pauseTask, resumeTask } from './pause-task.js';
import { runTask } from './run-task.js';
import { TaskRun } from './task-run.entity.js';
import { Task } from './task.entity.js';
import {
  CreateTaskInput,
  DeleteTaskInput,
  NextTaskRunsInput,
  PauseTaskInput,
  ResumeTaskInput,
  RunTaskInput,
  RunTaskPayload,
  TaskActionInfo,
  TaskConnection,
  type TaskFilter,
  TaskListArgs,
  TaskLogLine,
  TaskPayload,
  TaskRunConnection,
  type TaskRunFilter,
  TaskRunListArgs,
  UpdateTaskInput,
} from './task.inputs.js';
import { readTasks } from './task.policy.js';
import { taskReads, taskRunReads } from './task.reads.js';
import { updateTask } from './update-task.js';

const payload = payloadOf('task', taskReads);
const runPayload = payloadOf('taskRun', taskRunReads);

@Resolver(() => Task)
export class TaskResolver {
  @Planned
  @Query(() => TaskConnection, { description: 'What the server does by the clock. Needs `tasks:read`.' })
  tasks(
    @Ctx() { viewer, read }: Context,
    @Args(() => TaskListArgs) args: ListArgs<TaskFilter>,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Task>> {
    requirePermission(viewer, readTasks);
    return read.list(taskReads, { ...args, filter: givenFilter(args.filter) }, info);
  }

  @Planned
  @Query(() => Task, { nullable: true, description: 'One task; null when there is none. Needs `tasks:read`.' })
  async task(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Task | undefined> {
    requirePermission(viewer, readTasks);
    return read.one(taskReads, id, info);
  }

  @Planned
  @Query(() => TaskRunConnection, { description: 'Runs of tasks, newest first. Needs `tasks:read`.' })
  taskRuns(
    @Ctx() { viewer, read }: Context,
    @Args(() => TaskRunListArgs) args: ListArgs<TaskRunFilter>,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<TaskRun>> {
    requirePermission(viewer, readTasks);
    return read.list(taskRunReads, { ...args, filter: givenFilter(args.filter) }, info);
  }

  @Query(() => [TaskActionInfo], { description: 'Each thing that tasks can do here, by name. Needs `tasks:read`.' })
  taskActions(@Ctx() { viewer, services }: Context): TaskActionInfo[] {
    requirePermission(viewer, readTasks);
    return services.tasks.actions.list().map(({ name, action: { description, params } }) => ({
      name,
      description,
      params: z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' }),
    }));
  }

  @Query(() => [DateTime], {
    description: 'The next five runs of a task with these times, should it be made now. Needs `tasks:read`.',
  })
  nextTaskRuns(
    @Ctx() ctx: Context,
    @Arg('input', () => NextTaskRunsInput, { description: 'When it would run.' }) input: NextTaskRunsInput,
  ): Promise<Date[]> {
    return nextTaskRuns(ctx, input);
  }

  @FieldResolver(() => TaskRunConnection, { description: 'Its runs, newest first.' })
  runs(@Args(() => TaskRunListArgs) _args: ListArgs): Connection<TaskRun> {
    return answeredByReader();
  }

  @Mutation(() => TaskPayload, {
    description: 'Makes a task, of which there are at most 500. This and all changes need `tasks:manage`.',
  })
  async createTask(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateTaskInput, { description: 'The task.' }) input: CreateTaskInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<TaskPayload> {
    return payload(ctx, await createTask(ctx, input), info);
  }

  @Mutation(() => TaskPayload, {
    description: 'Changes a task; new times count from now on. What the server or a plugin brought keeps its action.',
  })
  async updateTask(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateTaskInput, { description: 'The changes.' }) input: UpdateTaskInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<TaskPayload> {
    return payload(ctx, await updateTask(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, {
    description: 'Deletes a task with its history. CONFLICT for one of the server or of a plugin.',
  })
  async deleteTask(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteTaskInput, { description: 'Which task.' }) { id }: DeleteTaskInput,
  ): Promise<DeletedPayload> {
    return deleted('Task', await deleteTask(ctx, id));
  }

  @Mutation(() => RunTaskPayload, {
    description: 'Begins a run at once, beside those that are due. CONFLICT while one is under way.',
  })
  async runTask(
    @Ctx() ctx: Context,
    @Arg('input', () => RunTaskInput, { description: 'Which task.' }) { id }: RunTaskInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RunTaskPayload> {
    return runPayload(ctx, await runTask(ctx, id), info);
  }

  @Mutation(() => TaskPayload, { description: 'Has a task wait; a run that is under way ends.' })
  async pauseTask(
    @Ctx() ctx: Context,
    @Arg('input', () => PauseTaskInput, { description: 'Which task.' }) { id }: PauseTaskInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<TaskPayload> {
    return payload(ctx, await pauseTask(ctx, id), info);
  }

  @Mutation(() => TaskPayload, {
    description: 'Has a paused task go on: with the next run that is due, not with those of the pause.',
  })
  async resumeTask(
    @Ctx() ctx: Context,
    @Arg('input', () => ResumeTaskInput, { description: 'Which task.' }) { id }: ResumeTaskInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<TaskPayload> {
    return payload(ctx, await resumeTask(ctx, id), info);
  }
}

@Resolver(() => TaskRun)
export class TaskRunResolver {
  @Extensions({ needs: ['log'] })
  @FieldResolver(() => [TaskLogLine], {
    description: 'What it logged, at most 201 lines: of more, the first and the last hundred.',
  })
  log(@Root() { log }: TaskRun): TaskLogLine[] {
    return log.map(({ at, ...line }) => ({ ...line, at: `${at.slice(0, 19)}Z` }));
  }
}
