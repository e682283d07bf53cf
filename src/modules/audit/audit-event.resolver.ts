import type { GraphQLResolveInfo } from 'graphql';
import { Args, Ctx, Extensions, FieldResolver, Info, Query, Resolver, Root } from 'type-graphql';
import {
  answeredByReader,
  type Connection,
  type ConnectionArgs,
  connectionArgs,
  type ListArgs,
} from '../../kernel/connection.js';
import type { Context } from '../../kernel/context.js';
import { Planned } from '../../kernel/planned.js';
import { Position } from '../../kernel/scalars.js';
import { requirePermission, requireSignedIn } from '../../kernel/viewer.js';
import { personNumber } from '../identity/people/person-number.js';
import { User } from '../identity/people/user.entity.js';
import { AuditAction, actionOf } from './audit-action.js';
import { AuditEvent } from './audit-event.entity.js';
import { AuditEventConnection, type AuditEventFilter, AuditEventListArgs } from './audit-event.inputs.js';
import { auditEventReads } from './audit-event.reads.js';

const AccessLogArgs = connectionArgs('AccessLog');

/** No person has this number: a filter by somebody unknown finds nothing. */
const unknownPerson = 0;

@Resolver(() => AuditEvent)
export class AuditEventResolver {
  @Planned
  @Query(() => AuditEventConnection, { description: 'The event log, newest first; needs `events:read`.' })
  async auditEvents(
    @Ctx() { viewer, read, db, services }: Context,
    @Args(() => AuditEventListArgs) args: ListArgs<AuditEventFilter>,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<AuditEvent>> {
    requirePermission(viewer, 'events:read');
    const numberOf = async (id: string | null | undefined) => id && ((await personNumber(db, id)) ?? unknownPerson);
    const { action, ...filter } = args.filter ?? {};
    const types = action && services.eventTypes().filter((type) => actionOf(type) === action);
    const people = { actorId: await numberOf(filter.actorId), userId: await numberOf(filter.userId) };
    return read.list(auditEventReads, { ...args, filter: { ...filter, ...people, types } }, info);
  }

  @Extensions({ needs: ['type'] })
  @FieldResolver(() => AuditAction, { description: 'What it did to its subject, coarser than the type.' })
  action(@Root() { type }: Pick<AuditEvent, 'type'>): AuditAction {
    return actionOf(type);
  }
}

@Resolver()
export class PositionResolver {
  @Query(() => Position, {
    nullable: true,
    description:
      'Position of the newest event: read before a list, it is the `after` with which a subscription misses nothing ' +
      'that the list does not show. The acknowledgement of a socket carries it too, as `position`.',
  })
  position(@Ctx() { viewer, services }: Context): string {
    requireSignedIn(viewer);
    return String(services.events.newest());
  }
}

@Resolver(() => User)
export class AccessLogResolver {
  @FieldResolver(() => AuditEventConnection, {
    description:
      "What happened to the person's account, newest first: logins, failed ones too, ended sessions, credentials, " +
      'roles. Private: empty for others.',
  })
  accessLog(@Args(() => AccessLogArgs) _args: ConnectionArgs): Connection<AuditEvent> {
    return answeredByReader();
  }
}
