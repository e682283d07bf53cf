import type { GraphQLResolveInfo } from 'graphql';
import {
  Ctx,
  Extensions,
  Field,
  FieldResolver,
  ID,
  Info,
  ObjectType,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { StoredEvent } from '../../events/catalog.js';
import type { Context } from '../../kernel/context.js';
import {
  AfterPosition,
  DeliveredEvent,
  deliveredOf,
  EventSubscription,
  type MayHear,
} from '../../kernel/event-subscription.js';
import { can, requirePermission } from '../../kernel/viewer.js';
import type { TaskRunEventData } from './events.js';
import { TaskRun } from './task-run.entity.js';
import { Task } from './task.entity.js';
import { readTasks } from './task.policy.js';
import { taskReads, taskRunReads } from './task.reads.js';

@ObjectType({ simpleResolvers: true, description: 'A task was changed, has begun, or has ended.' })
class TaskEvent extends DeliveredEvent {
  @Field(() => ID, { description: 'Id of the task.' })
  taskId!: string;

  @Field(() => ID, { nullable: true, description: 'Number of the run that began or ended; null for changes.' })
  taskRunId!: number | null;
}

export const mayHearOfTask: MayHear = (_event, { viewer }) => can(viewer, readTasks);

@Resolver(() => TaskEvent)
export class TaskEventResolver {
  @Extensions({ sharable: true })
  @Subscription(() => TaskEvent, {
    description:
      'What becomes of tasks, in commit order, from now on or after a position; of quiet ones what the clock began ' +
      'only when it fails. Needs `tasks:read`.',
    subscribe: ({ args, context }: { args: { after?: string | null }; context: Context }) =>
      taskEventsFor(args.after, context),
  })
  taskEvents(@Root() event: StoredEvent, @AfterPosition _after?: string | null): TaskEvent {
    const { runId } = event.data as Partial<TaskRunEventData>;
    return { ...deliveredOf(event), taskId: event.subjectId, taskRunId: runId ?? null };
  }

  @Extensions({ sharable: true })
  @FieldResolver(() => Task, { nullable: true, description: 'The task as it is now; null when it is gone.' })
  task(
    @Root() { taskId }: TaskEvent,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Task | undefined> {
    return read.one(taskReads, taskId, info);
  }

  @Extensions({ sharable: true })
  @FieldResolver(() => TaskRun, {
    nullable: true,
    description: 'The run as it is now; null for changes of the task, and when it is gone.',
  })
  async taskRun(
    @Root() { taskRunId }: TaskEvent,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<TaskRun | undefined> {
    return taskRunId === null ? undefined : read.one(taskRunReads, taskRunId, info);
  }
}

const taskEventsFor = (after: string | null | undefined, { viewer }: Context): EventSubscription =>
  new EventSubscription({
    after,
    subscriber: requirePermission(viewer, readTasks),
    concerns: ({ subjectType }) => subjectType === 'Task',
    // The permission may have been taken back since the last event.
    mayHear: mayHearOfTask,
  });
