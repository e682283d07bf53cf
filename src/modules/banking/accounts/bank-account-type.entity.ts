import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';

/** The types whose accounts are never overdrawn: also the constraint `bank_accounts_floor`. */
export const savingsTypes: readonly number[] = [2, 3];

/** Given by the contract (DECISIONS.md, section 4); rows of the migration. */
@ObjectType({ simpleResolvers: true, description: 'A kind of bank account.' })
@Entity({ tableName: 'bank_account_types' })
export class BankAccountType {
  @Field(() => ID, { description: 'Number of the type.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => String, { description: 'Name, in French.' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => String, { description: 'What it is for, in French.' })
  @Property({ type: 'text' })
  description!: string;
}

/** The ordinary type: the first account of it takes what comes without an account. */
export const currentType = 1;

/** The type whose accounts may be shared. */
export const jointType = 4;
