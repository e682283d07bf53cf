import { registerEnumType } from 'type-graphql';

/** What a person does in the firm, highest first: the system roles of which a SmartLeakPro account shows one. */
export enum BusinessRole {
  ADMIN = 'admin',
  MANAGER = 'manager',
  TECHNICIEN = 'technicien',
  CONSULTANT = 'consultant',
  LECTEUR = 'lecteur',
}

/** From the strongest to the weakest. */
export const businessRoles: readonly BusinessRole[] = Object.values(BusinessRole);

registerEnumType(BusinessRole, {
  name: 'BusinessRole',
  description: 'What a person does in the firm: the system role of the same name.',
  valuesConfig: {
    ADMIN: { description: 'May do everything.' },
    MANAGER: { description: "Runs the firm's objects." },
    TECHNICIEN: { description: 'Works at the clients.' },
    CONSULTANT: { description: 'Reads, from outside.' },
    LECTEUR: { description: 'Reads.' },
  },
});
