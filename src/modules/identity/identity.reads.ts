import {
  column,
  contains,
  equals,
  keyedBy,
  type ListedReadModel,
  nullableColumn,
  type ReadModel,
} from '../../kernel/read-model.js';
import { isRowId } from '../../lib/row-id.js';
import { ApiKey, ApiKeyStatus } from './api-keys/api-key.entity.js';
import { ApiToken } from './api-keys/api-token.entity.js';
import {
  visibleApiKeys,
  visibleCredentials,
  visibleInPerson,
  visiblePermissions,
  visiblePrivateFields,
  visibleRoleAssignments,
  visibleRoles,
  visibleSessions,
  visibleUsers,
} from './identity.policy.js';
import { Passkey } from './passkeys/passkey.entity.js';
import { statusColumns, type UserStatus } from './people/user-status.js';
import { User } from './people/user.entity.js';
import { type BusinessRole, businessRoles } from './roles/business-role.js';
import { Permission } from './roles/permission.entity.js';
import { RoleAssignment } from './roles/role-assignment.entity.js';
import { Role } from './roles/role.entity.js';
import { KnownDevice } from './sessions/known-device.entity.js';
import { Session } from './sessions/session.entity.js';

export const userReads: ListedReadModel<User> = {
  entity: User,
  visibleTo: visibleUsers,
  guarded: {
    properties: [
      'email',
      'phone',
      'street',
      'city',
      'postalCode',
      'country',
      'timeZone',
      'lastLoginAt',
      'inactiveReason',
      'consentedAt',
      'consentVersion',
      'roles',
    ],
    visibleTo: visiblePrivateFields,
  },
  list: {
    largestPage: 1000,
    defaultOrder: 'ID_ASC',
    orders: {
      ID: column('id', 'int'),
      CREATED_AT: column('created_at', 'timestamptz'),
      FULL_NAME: column('full_name', 'text'),
      USERNAME: { sql: (a) => `lower(${a}.username)`, type: 'text' },
      EMAIL: { sql: (a) => `lower(${a}.email)`, type: 'text' },
      LAST_LOGIN_AT: nullableColumn('last_login_at', 'timestamptz'),
    },
    filters: {
      // A person is named by number or UUID.
      ids: (values: readonly string[], a, bind) =>
        `(${keyedBy('int')(values, a, bind)} or ${keyedBy('uuid', 'uuid')(values, a, bind)})`,
      search: contains((a) => `(${a}.email || ' ' || ${a}.username || ' ' || ${a}.full_name)`),
      isActive: (value: boolean, a) => (value ? `${a}.is_active` : `not ${a}.is_active`),
      status: (value: UserStatus, a, bind) => {
        const { isActive, inactiveReason } = statusColumns(value);
        if (isActive) return `${a}.is_active`;
        return inactiveReason === null
          ? `not ${a}.is_active and ${a}.inactive_reason is null`
          : `${a}.inactive_reason = ${bind(inactiveReason)}`;
      },
      roleId: (value: string, a, bind) =>
        `exists (select 1 from user_roles ur where ur.user_id = ${a}.id and ur.role_id = ${bind(value)}::int)`,
      businessRole: (value: BusinessRole, a, bind) => {
        const holds = (roles: readonly string[]): string =>
          `exists (select 1 from user_roles ur join roles r on r.id = ur.role_id
            where ur.user_id = ${a}.id and r.name = any(${bind(roles)}::text[]))`;
        const stronger = businessRoles.slice(0, businessRoles.indexOf(value));
        const isNone = `not ${holds(stronger)}`;
        return value === businessRoles.at(-1) ? isNone : `${holds([value])} and ${isNone}`;
      },
      role: (value: string, a, bind) =>
        `exists (select 1 from user_roles ur join roles r on r.id = ur.role_id
          where ur.user_id = ${a}.id and r.name = ${bind(value)})`,
    },
    always: (_filter, a) => `${a}.erased_at is null`,
  },
};

export const roleReads: ListedReadModel<Role> = {
  entity: Role,
  visibleTo: visibleRoles,
  list: {
    defaultOrder: 'ID_ASC',
    orders: { ID: column('id', 'int'), NAME: column('name', 'text'), CREATED_AT: column('created_at', 'timestamptz') },
    filters: {
      search: contains((a) => `(${a}.name || ' ' || ${a}.description)`),
      names: (value: readonly string[], a, bind) => `${a}.name = any(${bind(value)}::text[])`,
    },
  },
};

export const permissionReads: ListedReadModel<Permission> = {
  entity: Permission,
  visibleTo: visiblePermissions,
  list: {
    defaultOrder: 'ID_ASC',
    orders: { ID: column('id', 'int'), NAME: column('name', 'text'), RESOURCE: column('resource', 'text') },
    filters: {
      resource: (value: string, a, bind) => `${a}.resource = ${bind(value)}`,
      roleId: (value: string, a, bind) =>
        isRowId(value)
          ? `exists (select 1 from role_permissions rp
              where rp.permission_id = ${a}.id and rp.role_id = ${bind(value)}::int)`
          : 'false',
    },
  },
};

export const roleAssignmentReads: ListedReadModel<RoleAssignment> = {
  entity: RoleAssignment,
  visibleTo: visibleRoleAssignments,
  list: {
    defaultOrder: 'ID_ASC',
    orders: { ID: column('id', 'int') },
    filters: { userId: equals('user_id', 'int'), roleId: equals('role_id', 'int') },
  },
};

export const sessionReads: ReadModel<Session> = { entity: Session, visibleTo: visibleSessions };

export const knownDeviceReads: ReadModel<KnownDevice> = { entity: KnownDevice, visibleTo: visibleCredentials };

export const apiTokenReads: ReadModel<ApiToken> = { entity: ApiToken, visibleTo: visibleInPerson };

export const passkeyReads: ReadModel<Passkey> = { entity: Passkey, visibleTo: visibleInPerson };

export const apiKeyReads: ListedReadModel<ApiKey> = {
  entity: ApiKey,
  visibleTo: visibleApiKeys,
  list: {
    defaultOrder: 'CREATED_AT_DESC',
    orders: { CREATED_AT: column('created_at', 'timestamptz'), NAME: { sql: (a) => `lower(${a}.name)`, type: 'text' } },
    filters: {
      userId: equals('user_id', 'int'),
      search: contains((a) => `(${a}.name || ' ' || ${a}.description)`),
      state: ({ status, at }: { status: ApiKeyStatus; at: Date }, a, bind) => {
        const stored = status === ApiKeyStatus.EXPIRED ? ApiKeyStatus.ACTIVE : status;
        const isStored = `${a}.status = ${bind(stored)}`;
        if (stored !== ApiKeyStatus.ACTIVE) return isStored;
        const isOver = `coalesce(${a}.expires_at <= ${bind(at.toISOString())}::timestamptz, false)`;
        return `${isStored} and ${status === ApiKeyStatus.EXPIRED ? '' : 'not '}${isOver}`;
      },
    },
  },
};
