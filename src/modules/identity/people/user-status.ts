import { registerEnumType } from 'type-graphql';

/** Whether an account may be used, and if not, why. */
export enum UserStatus {
  ACTIVE = 'active',
  INACTIVE = 'inactive',
  SUSPENDED = 'suspended',
  PENDING = 'pending',
}

registerEnumType(UserStatus, {
  name: 'UserStatus',
  description: 'Whether an account may be used. Every credential of one that is not active is refused.',
  valuesConfig: {
    ACTIVE: { description: 'It may.' },
    INACTIVE: { description: 'Switched off.' },
    SUSPENDED: { description: 'Switched off for a time, until an administrator allows it again.' },
    PENDING: { description: 'Not yet: an administrator has to allow it.' },
  },
});

/** The columns that hold it: why an account is inactive is told only of those that were not plainly switched off. */
export const statusColumns = (status: UserStatus): { isActive: boolean; inactiveReason: string | null } => ({
  isActive: status === UserStatus.ACTIVE,
  inactiveReason: status === UserStatus.SUSPENDED || status === UserStatus.PENDING ? status : null,
});

export const statusOf = ({ isActive, inactiveReason }: { isActive: boolean; inactiveReason?: string | null }) =>
  isActive ? UserStatus.ACTIVE : ((inactiveReason ?? UserStatus.INACTIVE) as UserStatus);
