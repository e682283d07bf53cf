import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { CalendarDate, DateTime, Decimal } from '../../../kernel/scalars.js';
import { User } from '../people/user.entity.js';
import { Role } from './role.entity.js';

@ObjectType({
  simpleResolvers: true,
  description:
    'A role as a person holds it. Scope and amount bound what may be approved; outside its period nothing of the ' +
    'role holds.',
})
@Entity({ tableName: 'role_assignments' })
export class RoleAssignment {
  @Field(() => ID, { description: 'Number of the assignment.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => User, {
    nullable: true,
    description: 'Who holds the role; null when the viewer may not see the person.',
  })
  @ManyToOne({ entity: () => User, ref: true })
  user!: Ref<User>;

  @Field(() => Role, { description: 'The role.' })
  @ManyToOne({ entity: () => Role, ref: true })
  role!: Ref<Role>;

  @Field(() => String, { description: 'Code of the only document type that it is for, or `*` for all.' })
  @Property({ type: 'text', default: '*' })
  scope: string & Opt = '*';

  @Field(() => Decimal, { nullable: true, description: 'Largest amount that may be approved; null: unlimited.' })
  @Property({ type: 'decimal', precision: 14, scale: 2, nullable: true })
  maxAmount?: string | null;

  @Field(() => String, { nullable: true, description: "ISO 4217 code of the amount; null: the firm's currency." })
  @Property({ type: 'text', nullable: true })
  currency?: string | null;

  @Field(() => CalendarDate, { nullable: true, description: 'First day on which it holds; null: it always did.' })
  @Property({ type: 'date', nullable: true })
  validFrom?: string | null;

  @Field(() => CalendarDate, { nullable: true, description: 'Last day on which it holds; null: it has no end.' })
  @Property({ type: 'date', nullable: true })
  validTo?: string | null;

  @Field(() => User, {
    nullable: true,
    description: 'Who gave it; null when the server did, or when the viewer may not see the person.',
  })
  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  assignedBy?: Ref<User> | null;

  @Field(() => DateTime, { description: 'When the person was first given the role in this scope.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When the bounds were last set.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  updatedAt: Date & Opt = new Date();
}
