import { declareEvents, noPayload, payload, type PayloadsOf } from '../../events/declare.js';

/** An event of somebody's credential or device. */
interface OfUser {
  userId: number;
}

interface Named {
  name: string;
}

export const identityEvents = declareEvents({
  'user.registered': payload<{ username: string }>(),
  /** `version` is the profile's; absent where only the account's state changed. */
  'user.updated': payload<{ fields: string[]; version?: number }>(),
  'user.activated': noPayload,
  'user.deactivated': noPayload,
  'user.unlocked': noPayload,
  'user.password_changed': noPayload,
  'user.roles_changed': payload<{
    role: string;
    change: 'assigned' | 'removed';
    /** A document type's code or `*`; absent: within every scope. */
    scope?: string;
    /** Absent when it was given for good. */
    bounds?: { maxAmount: string | null; currency: string | null; validFrom: string | null; validTo: string | null };
  }>(),
  'user.erased': payload<{ kept: string[] }>(),
  'user.login': payload<{ kind: 'token' | 'cookie' }>(),
  /** Subject: the person, or '' when nobody has the name that was tried. */
  'user.login_failed': payload<{ reason: 'password' | 'second_factor' | 'passkey' }>(),
  'session.revoked': payload<OfUser & { reason: 'logout' | 'revoked' | 'reuse' }>(),
  'api_token.created': payload<OfUser & Named>(),
  'api_token.revoked': payload<OfUser>(),
  'api_key.created': payload<OfUser & Named>(),
  'api_key.updated': payload<OfUser & { fields: string[] }>(),
  /** Refused from now on: suspended, switched off, regenerated or deleted. */
  'api_key.revoked': payload<OfUser & { reason: 'suspended' | 'inactive' | 'regenerated' | 'deleted' }>(),
  'passkey.added': payload<OfUser & Named>(),
  'passkey.removed': payload<OfUser>(),
  'second_factor.enabled': payload<OfUser>(),
  'second_factor.disabled': payload<OfUser>(),
  'second_factor.recovery_codes_replaced': payload<OfUser>(),
  /** `left`: how many remain. */
  'second_factor.recovery_code_used': payload<OfUser & { left: number }>(),
  'device.added': payload<OfUser>(),
  'device.revoked': payload<OfUser>(),
  'role.created': payload<Named>(),
  'role.updated': payload<Named>(),
  'role.deleted': payload<Named>(),
  'role.permissions_changed': payload<{ permission: string; change: 'granted' | 'revoked' }>(),
  'permission.created': payload<Named>(),
  'permission.updated': payload<Named>(),
  'permission.deleted': payload<Named>(),
});

export type IdentityEvents = PayloadsOf<typeof identityEvents>;
