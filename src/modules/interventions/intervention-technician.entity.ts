import type { Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { User } from '../identity/people/user.entity.js';
import { Intervention } from './intervention.entity.js';

@ObjectType({
  simpleResolvers: true,
  description: 'Somebody who works at an intervention beside the one who leads it.',
})
@Entity({ tableName: 'intervention_technicians' })
export class InterventionTechnician {
  @Field(() => ID, { description: 'Number of the record.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @ManyToOne({ entity: () => Intervention, ref: true })
  intervention!: Ref<Intervention>;

  @Field(() => Int, { description: 'Place among them, from 1.' })
  @Property({ type: 'integer' })
  position!: number;

  @Field(() => String, { description: 'As it was given: a name, or any text.' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => User, {
    nullable: true,
    description: 'The person that `name` names; null for a free text, or when the viewer may not see people.',
  })
  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  user?: Ref<User> | null;
}
