import { defineWords, useWords } from '../i18n/words';

const words = defineWords(
  'roles',
  {
    admin: 'Administrator',
    user: 'User',
    moderator: 'Moderator',
    manager: 'Manager',
    technicien: 'Technician',
    consultant: 'Consultant',
    lecteur: 'Reader',
    VALIDATOR_L1: 'Validator, level 1',
    VALIDATOR_L2: 'Validator, level 2',
    APPROVER: 'Approver',
  },
  {
    admin: 'Administrateur',
    user: 'Utilisateur',
    moderator: 'Modérateur',
    manager: 'Gestionnaire',
    technicien: 'Technicien',
    consultant: 'Consultant',
    lecteur: 'Lecteur',
    VALIDATOR_L1: 'Validateur niveau 1',
    VALIDATOR_L2: 'Validateur niveau 2',
    APPROVER: 'Approbateur',
  },
);

const systemRoles = [
  'admin',
  'user',
  'moderator',
  'manager',
  'technicien',
  'consultant',
  'lecteur',
  'VALIDATOR_L1',
  'VALIDATOR_L2',
  'APPROVER',
] as const;

/** What a role is called: a system role in the reader's words, one that the firm made by its own name. */
export function useRoleName(): (name: string) => string {
  const t = useWords(words);
  return (name) => {
    const known = systemRoles.find((role) => role === name);
    return known ? t(known) : name;
  };
}

/** With the name that the server knows a role by, for those who give and make roles. */
export function RoleName({ name }: { name: string }) {
  const called = useRoleName()(name);
  return (
    <>
      {called}
      {called !== name && (
        <>
          {' '}
          <code className="quiet">{name}</code>
        </>
      )}
    </>
  );
}
