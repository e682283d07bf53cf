import { Field, ObjectType } from 'type-graphql';

@ObjectType({ simpleResolvers: true, description: 'What the operator has set for the whole firm.' })
export class Firm {
  @Field(() => String, {
    description: 'ISO 4217 code of its own currency: that of amounts which name none, and of new ones without.',
  })
  currency!: string;

  @Field(() => String, { description: 'IANA name of the time zone in which it counts its days.' })
  timeZone!: string;
}
