import type { Opt } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType({ simpleResolvers: true, description: 'One thing that a role allows: `resource:action`, `*` for all.' })
@Entity({ tableName: 'permissions' })
export class Permission {
  @Field(() => ID, { description: 'Number of the permission.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => String, { description: '`resource:action`.' })
  @Property({ type: 'text', generated: `(resource || ':' || action) stored` })
  name!: string & Opt;

  @Field(() => String, { description: 'What it allows, in words.' })
  @Property({ type: 'text', default: '' })
  description: string & Opt = '';

  @Field(() => String, { description: 'The kind of thing, such as `documents`, or `*`.' })
  @Property({ type: 'text' })
  resource!: string;

  @Field(() => String, { description: 'What may be done, such as `read` or `write`, or `*`.' })
  @Property({ type: 'text' })
  action!: string;

  @Field(() => Boolean, { description: 'The server itself asks for it: it cannot be renamed or deleted.' })
  @Property({ type: 'boolean', default: false })
  isSystem: boolean & Opt = false;
}
