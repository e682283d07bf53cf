import { registerEnumType } from 'type-graphql';

export enum BankAccountAccess {
  OWNER = 'owner',
  WRITE = 'write',
  READ = 'read',
}

registerEnumType(BankAccountAccess, {
  name: 'BankAccountAccess',
  description: 'What the viewer may do with a bank account.',
  valuesConfig: {
    OWNER: { description: 'Everything: it is theirs.' },
    WRITE: { description: 'See it and write its transactions.' },
    READ: { description: 'See it.' },
  },
});
