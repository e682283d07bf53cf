import type { Module } from '../../kernel/module.js';
import { ApiKey } from './api-keys/api-key.entity.js';
import { ApiKeyResolver } from './api-keys/api-key.resolver.js';
import { ApiToken } from './api-keys/api-token.entity.js';
import { ApiTokenResolver } from './api-keys/api-token.resolver.js';
import { fillIdentityDemo } from './demo.js';
import { identityEvents } from './events.js';
import { FirmResolver } from './firm/firm.resolver.js';
import { identityLoaders } from './identity.loaders.js';
import {
  apiKeyReads,
  apiTokenReads,
  knownDeviceReads,
  passkeyReads,
  permissionReads,
  roleAssignmentReads,
  roleReads,
  sessionReads,
  userReads,
} from './identity.reads.js';
import { Passkey } from './passkeys/passkey.entity.js';
import { PasskeyResolver } from './passkeys/passkey.resolver.js';
import { User } from './people/user.entity.js';
import { UserResolver } from './people/user.resolver.js';
import { ViewerEventResolver } from './people/viewer-event.resolver.js';
import { identityPersonalData } from './personal-data/identity-personal-data.js';
import { PersonalDataExportResolver } from './personal-data/personal-data-export.resolver.js';
import { Permission } from './roles/permission.entity.js';
import { RoleAssignment } from './roles/role-assignment.entity.js';
import { RoleAssignmentResolver } from './roles/role-assignment.resolver.js';
import { Role } from './roles/role.entity.js';
import { RoleResolver } from './roles/role.resolver.js';
import { SecondFactorResolver } from './second-factor/second-factor.resolver.js';
import { KnownDevice } from './sessions/known-device.entity.js';
import { Session } from './sessions/session.entity.js';
import { SessionResolver } from './sessions/session.resolver.js';

export const identityModule: Module = {
  name: 'identity',
  entities: [User, Role, RoleAssignment, Permission, Session, ApiToken, ApiKey, KnownDevice, Passkey],
  reads: [
    userReads,
    roleReads,
    roleAssignmentReads,
    permissionReads,
    sessionReads,
    apiTokenReads,
    apiKeyReads,
    knownDeviceReads,
    passkeyReads,
  ],
  resolvers: [
    UserResolver,
    ViewerEventResolver,
    FirmResolver,
    PersonalDataExportResolver,
    RoleResolver,
    RoleAssignmentResolver,
    SessionResolver,
    SecondFactorResolver,
    ApiTokenResolver,
    PasskeyResolver,
    ApiKeyResolver,
  ],
  loaders: identityLoaders,
  events: identityEvents,
  personalData: identityPersonalData,
  demo: fillIdentityDemo,
};
