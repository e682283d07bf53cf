import type { Opt } from '@mikro-orm/core';
import { Property } from '@mikro-orm/decorators/legacy';
import { Field, Int, ObjectType } from 'type-graphql';
import { DateTime } from './scalars.js';

/**
 * The columns of entities that are changed by programs which were offline: a change names the version that it saw, and
 * an older one is refused (`kernel/stale-version.ts`). They are put into the trash before they are gone.
 */
@ObjectType({ simpleResolvers: true })
export abstract class VersionedColumns {
  @Field(() => Int, { description: 'Raised at each change: name it in an update to be told of changes meanwhile.' })
  @Property({ type: 'integer', default: 1 })
  version: number & Opt = 1;

  @Field(() => DateTime, { description: 'When it was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When it was last changed.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()', onUpdate: () => new Date() })
  updatedAt: Date & Opt = new Date();

  // In the trash since; nobody sees it then.
  @Property({ type: 'timestamptz', nullable: true })
  deletedAt?: Date | null;
}
