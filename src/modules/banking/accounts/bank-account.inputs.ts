import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../../kernel/connection.js';
import { Decimal } from '../../../kernel/scalars.js';
import { AccountShare, SharePermission } from './account-share.entity.js';
import { BankAccountType } from './bank-account-type.entity.js';
import { BankAccount } from './bank-account.entity.js';
import { bankAccountReads, bankAccountTypeReads } from './bank-account.reads.js';

export const BankAccountConnection = connectionType('BankAccount', () => BankAccount);
export const BankAccountTypeConnection = connectionType('BankAccountType', () => BankAccountType);

@InputType({ description: 'Conditions on bank accounts; all that are given must hold.' })
class BankAccountFilter extends ListFilter {
  @Field(() => ID, { nullable: true, description: 'Of this type.' })
  typeId?: string | null;

  @Field(() => String, { nullable: true, description: 'With this text in its name, in any case.' })
  search?: string | null;
}

@InputType({ description: 'Conditions on kinds of bank accounts.' })
class BankAccountTypeFilter extends ListFilter {}

export const BankAccountListArgs = listArgs('BankAccount', bankAccountReads.list, BankAccountFilter);
export const BankAccountTypeListArgs = listArgs('BankAccountType', bankAccountTypeReads.list, BankAccountTypeFilter);

@InputType({ description: 'A new bank account of one’s own.' })
export class CreateBankAccountInput {
  @Field(() => String, { description: 'Name: 1 to 100 characters.' })
  name!: string;

  @Field(() => ID, { description: 'Number of its type.' })
  typeId!: string;

  @Field(() => Decimal, { nullable: true, description: 'Balance before the first transaction; 0 when absent.' })
  openingBalance?: string | null;

  @Field(() => String, { nullable: true, description: "ISO 4217 code; the firm's own currency when absent." })
  currency?: string | null;
}

@InputType({ description: 'Changes to a bank account of one’s own; what is absent or null stays.' })
export class UpdateBankAccountInput {
  @Field(() => ID, { description: 'Number of the account.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Name: 1 to 100 characters.' })
  name?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Number of its type: a savings account is never overdrawn, and only a joint one is shared.',
  })
  typeId?: string | null;

  @Field(() => String, { nullable: true, description: 'ISO 4217 code, as long as it has no transactions.' })
  currency?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'The balance as it is: only transactions move it.' })
  balance?: string | null;
}

@InputType({ description: 'Which bank account.' })
export class DeleteBankAccountInput {
  @Field(() => ID, { description: 'Number of the account.' })
  id!: string;

  @Field(() => Boolean, { defaultValue: false, description: 'True: its transactions go with it.' })
  force!: boolean;
}

@InputType({ description: 'With whom a joint account of one’s own is shared.' })
export class ShareBankAccountInput {
  @Field(() => ID, { description: 'Number of the account.' })
  accountId!: string;

  @Field(() => String, { description: 'Address of the other person.' })
  email!: string;

  @Field(() => SharePermission, { description: 'What that person may do; given anew, it replaces what they might.' })
  permission!: SharePermission;
}

@InputType({ description: 'Which share of a bank account.' })
export class UnshareBankAccountInput {
  @Field(() => ID, { description: 'Number of the share.' })
  id!: string;

  @Field(() => ID, { nullable: true, description: 'Number of the account that it must be of; of any when absent.' })
  accountId?: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'A share of a bank account after a change.' })
export class AccountSharePayload {
  @Field(() => AccountShare, { description: 'The share as it is now.' })
  accountShare!: AccountShare;
}

@ObjectType({ simpleResolvers: true, description: 'A bank account after a change.' })
export class BankAccountPayload {
  @Field(() => BankAccount, { description: 'The account as it is now.' })
  bankAccount!: BankAccount;
}
