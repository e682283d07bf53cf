import { registerEnumType } from 'type-graphql';

/** What a person does in the firm, highest first: the system roles of which a SmartLeakPro account shows one. */
export enum BusinessRole {
  ADMIN = 'admin',
  MANAGER = 'manager',
  TECHNICIAN = 'technicien',
  CONSULTANT = 'consultant',
  READER = 'lecteur',
}

/** From the strongest to the weakest. */
export const businessRoles: readonly BusinessRole[] = Object.values(BusinessRole);

registerEnumType(BusinessRole, {
  name: 'BusinessRole',
  description: 'What a person does in the firm, by a system role.',
  valuesConfig: {
    ADMIN: { description: 'May do everything.' },
    MANAGER: { description: "Runs the firm's objects." },
    TECHNICIAN: { description: 'Works at the clients: the role `technicien`.' },
    CONSULTANT: { description: 'Reads, from outside.' },
    READER: { description: 'Reads: the role `lecteur`.' },
  },
});
