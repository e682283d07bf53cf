import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime, Decimal } from '../../../kernel/scalars.js';
import { User } from '../../identity/people/user.entity.js';
import { Intervention } from '../intervention.entity.js';

@ObjectType({ simpleResolvers: true, description: 'Material that was used up at an intervention.' })
@Entity({ tableName: 'used_parts' })
export class UsedPart {
  @Field(() => ID, { description: 'UUID of the record.' })
  @PrimaryKey({ type: 'uuid', defaultRaw: 'gen_random_uuid()' })
  id!: string & Opt;

  @ManyToOne({ entity: () => Intervention, ref: true })
  intervention!: Ref<Intervention>;

  @Field(() => String, { nullable: true, description: "The maker's or the firm's number of it." })
  @Property({ type: 'text', nullable: true })
  reference?: string | null;

  @Field(() => String, { description: 'What it is.' })
  @Property({ type: 'text' })
  label!: string;

  @Field(() => Decimal, { description: 'How much of it.' })
  @Property({ type: 'decimal', precision: 12, scale: 3 })
  quantity!: string;

  @Field(() => Decimal, { nullable: true, description: "Price of one, before tax, in the firm's currency." })
  @Property({ type: 'decimal', precision: 14, scale: 2, nullable: true })
  unitPrice?: string | null;

  @Field(() => User, { nullable: true, description: 'Who noted it; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  createdBy?: Ref<User> | null;

  @Field(() => DateTime, { description: 'When it was noted.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();
}
