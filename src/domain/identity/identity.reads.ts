import { column, containing, type ListedReadModel, nullableColumn, type ReadModel } from '../read-model.js';
import { ApiToken } from './api-token.entity.js';
import { visibleInPerson, visiblePermissions, visiblePrivateFields, visibleRoles, visibleSessions, visibleUsers } from './identity.policy.js';
import { Passkey } from './passkey.entity.js';
import { Permission } from './permission.entity.js';
import { Role } from './role.entity.js';
import { Session } from './session.entity.js';
import { User } from './user.entity.js';

export const userReads: ListedReadModel = {
  entity: User,
  visibleTo: visibleUsers,
  guarded: {
    properties: ['email', 'phone', 'street', 'city', 'postalCode', 'country', 'lastLoginAt'],
    visibleTo: visiblePrivateFields,
  },
  list: {
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
      search: (value: string, a, bind) => `(${a}.email || ' ' || ${a}.username || ' ' || ${a}.full_name) ilike ${bind(containing(value))}`,
      isActive: (value: boolean, a) => (value ? `${a}.is_active` : `not ${a}.is_active`),
      roleId: (value: string, a, bind) =>
        `exists (select 1 from user_roles ur where ur.user_id = ${a}.id and ur.role_id = ${bind(value)}::int)`,
    },
    always: (_filter, a) => `${a}.erased_at is null`,
  },
};

export const roleReads: ListedReadModel = {
  entity: Role,
  visibleTo: visibleRoles,
  list: {
    defaultOrder: 'ID_ASC',
    orders: { ID: column('id', 'int'), NAME: column('name', 'text'), CREATED_AT: column('created_at', 'timestamptz') },
    filters: { search: (value: string, a, bind) => `(${a}.name || ' ' || ${a}.description) ilike ${bind(containing(value))}` },
  },
};

export const permissionReads: ListedReadModel = {
  entity: Permission,
  visibleTo: visiblePermissions,
  list: {
    defaultOrder: 'ID_ASC',
    orders: { ID: column('id', 'int'), NAME: column('name', 'text') },
    filters: { resource: (value: string, a, bind) => `${a}.resource = ${bind(value)}` },
  },
};

export const sessionReads: ReadModel = { entity: Session, visibleTo: visibleSessions };

export const apiTokenReads: ReadModel = { entity: ApiToken, visibleTo: visibleInPerson };

export const passkeyReads: ReadModel = { entity: Passkey, visibleTo: visibleInPerson };
