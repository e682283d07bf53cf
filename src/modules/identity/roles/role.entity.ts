import { Collection, type Opt } from '@mikro-orm/core';
import { Entity, ManyToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { Permission } from './permission.entity.js';

@ObjectType({ simpleResolvers: true, description: 'A named set of permissions that people hold.' })
@Entity({ tableName: 'roles' })
export class Role {
  @Field(() => ID, { description: 'Number of the role.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => String, { description: 'Unique name, such as `manager`.' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => String, { description: 'What the role is for.' })
  @Property({ type: 'text', default: '' })
  description: string & Opt = '';

  @Field(() => Boolean, { description: 'A system role cannot be deleted or renamed.' })
  @Property({ type: 'boolean', default: false })
  isSystem: boolean & Opt = false;

  @Field(() => Int, {
    nullable: true,
    description:
      'Its holders decide on documents that ask for this level or a lower one: 1 VALIDATOR_L1, 2 VALIDATOR_L2, 3 ' +
      'APPROVER, 4 admin. Null: on none.',
  })
  @Property({ type: 'integer', nullable: true })
  approvalLevel?: number | null;

  @Field(() => DateTime, { description: 'When the role was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When the role was last changed.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()', onUpdate: () => new Date() })
  updatedAt: Date & Opt = new Date();

  @Field(() => [Permission], { description: 'What the role allows: each permission once.' })
  @ManyToMany({
    entity: () => Permission,
    pivotTable: 'role_permissions',
    joinColumn: 'role_id',
    inverseJoinColumn: 'permission_id',
    owner: true,
  })
  permissions = new Collection<Permission>(this);
}
