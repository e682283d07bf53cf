import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Args,
  Ctx,
  Extensions,
  Field,
  FieldResolver,
  ID,
  Info,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { type Connection, connectionType, type ListArgs, listArgs, ListFilter } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../../kernel/payload.js';
import { DateTime } from '../../../kernel/scalars.js';
import { requireInPerson } from '../../../kernel/viewer.js';
import { CalendarFeed } from './calendar-feed.entity.js';
import { calendarFeedReads } from './calendar-feed.reads.js';
import { CalendarEvent, CalendarFile } from './calendar.types.js';
import { createCalendarFeed, deleteCalendarFeed } from './manage-feeds.js';
import { openCalendar } from './open-calendar.js';
import { readCalendar } from './read-calendar.js';

@InputType({ description: 'Conditions on calendar feeds; all that are given must hold.' })
class CalendarFeedFilter extends ListFilter {}

const CalendarFeedConnection = connectionType('CalendarFeed', () => CalendarFeed);
const CalendarFeedListArgs = listArgs('CalendarFeed', calendarFeedReads.list, CalendarFeedFilter);

@InputType({ description: 'A new calendar feed.' })
class CreateCalendarFeedInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Whose appointments it shows: the UUID or user name of a person, or a text that is the technician of ' +
      'appointments; absent: everybody’s.',
  })
  technician?: string | null;
}

@InputType({ description: 'Names a calendar feed.' })
class DeleteCalendarFeedInput {
  @Field(() => ID, { description: 'UUID of the feed.' })
  id!: string;
}

@ObjectType({ description: 'A calendar feed after a change.' })
class CalendarFeedPayload {
  @Field(() => CalendarFeed, { description: 'The feed as it is now.' })
  calendarFeed!: CalendarFeed;
}

const payload = payloadOf('calendarFeed', calendarFeedReads);

/** What a whole calendar costs beside its fields. */
const calendarPoints = 1000;

@Resolver(() => CalendarFeed)
export class CalendarResolver {
  @Query(() => [CalendarEvent], {
    description:
      'What a calendar shows between two moments, in the order of its start: appointments, and interventions without ' +
      'one. At most 800 days and 20,000 events. Needs `appointments:read`.',
  })
  @Extensions({ complexity: ({ childComplexity }: { childComplexity: number }) => calendarPoints + childComplexity })
  calendar(
    @Ctx() ctx: Context,
    @Arg('start', () => DateTime, {
      nullable: true,
      description: 'What ends later. Absent: 90 days ago; with `end` alone, 366 days before that.',
    })
    start?: Date | null,
    @Arg('end', () => DateTime, {
      nullable: true,
      description: 'What begins before. Absent: 366 days after `start` or today.',
    })
    end?: Date | null,
    @Arg('technician', () => String, {
      nullable: true,
      description: 'Whose technician is the person with this UUID, or has this text, in any case.',
    })
    technician?: string | null,
  ): Promise<CalendarEvent[]> {
    return readCalendar(ctx, { start, end, technician });
  }

  @Query(() => CalendarFile, {
    description:
      'The calendar as an iCalendar file: the viewer’s, who needs `appointments:read`, or that of a feed, for ' +
      'whoever has its secret. NOT_FOUND once the feed was ended or its owner may not read appointments any more.',
  })
  @Extensions({ complexity: ({ childComplexity }: { childComplexity: number }) => calendarPoints + childComplexity })
  calendarFile(
    @Ctx() ctx: Context,
    @Arg('secret', () => String, { nullable: true, description: 'The secret of a feed.' }) secret?: string | null,
    @Arg('technician', () => String, {
      nullable: true,
      description: 'Of one technician, as feeds name them; a feed says itself of whom.',
    })
    technician?: string | null,
  ): Promise<CalendarFile> {
    return openCalendar(ctx, { secret, technician });
  }

  @Query(() => CalendarFeedConnection, { description: "The viewer's own calendar feeds; in person only." })
  calendarFeeds(
    @Ctx() { viewer, read }: Context,
    @Args(() => CalendarFeedListArgs) args: ListArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<CalendarFeed>> {
    requireInPerson(viewer);
    return read.list(calendarFeedReads, args, info);
  }

  @Mutation(() => CalendarFeedPayload, {
    description:
      'Makes a calendar feed of one’s own, of which there are at most 20. In person only: its address opens without ' +
      'any other credential. Needs `appointments:read`.',
  })
  async createCalendarFeed(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateCalendarFeedInput, { description: 'The feed.' }) input: CreateCalendarFeedInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CalendarFeedPayload> {
    return payload(ctx, await createCalendarFeed(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, { description: 'Ends a calendar feed of one’s own at once; in person only.' })
  async deleteCalendarFeed(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteCalendarFeedInput, { description: 'Which feed.' }) { id }: DeleteCalendarFeedInput,
  ): Promise<DeletedPayload> {
    return deleted('CalendarFeed', await deleteCalendarFeed(ctx, id));
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The address, with the secret in it: to its owner in person only. Null when the server cannot read its secret ' +
      'any more.',
  })
  @Extensions({ needs: ['id'] })
  async url(@Root() { id }: CalendarFeed, @Ctx() { viewer, load, services }: Context): Promise<string | null> {
    requireInPerson(viewer);
    const secret = await load.calendarFeedSecret.load(id);
    return secret === undefined
      ? null
      : `${services.links.url('calendarFeed', {})}?secret=${encodeURIComponent(secret)}`;
  }
}
