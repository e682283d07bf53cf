import { Field, ID, InputType, ObjectType } from 'type-graphql';

@InputType({ description: 'Names what is to be deleted.' })
export class DeleteFilingInput {
  @Field(() => ID, { description: 'Its number.' })
  id!: string;
}

@ObjectType({ description: 'What is gone.' })
export class DeleteFilingPayload {
  @Field(() => ID, { description: 'Number that it had.' })
  deletedId!: string;
}
