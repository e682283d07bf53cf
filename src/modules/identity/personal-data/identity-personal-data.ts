import { sql } from '../../../db/sql.js';
import { momentAs as at, type PersonalData } from '../../../kernel/personal-data.js';
import { revokeTokensOf } from '../api-keys/revoke-api-token.js';
import { endSessionsOf } from '../sessions/end-session.js';
import { forgetAttemptsOf } from '../sessions/unlock-user.js';

export const identityPersonalData: PersonalData = {
  exports: {
    person: {
      isOne: true,
      sql: `
        select u.id, u.uuid, u.username, u.email, u.first_name as "firstName", u.last_name as "lastName", u.phone,
               u.street, u.city, u.postal_code as "postalCode", u.country, u.time_zone as "timeZone",
               u.is_active as "isActive",
               u.inactive_reason as "inactiveReason",
               ${at('u.last_login_at', 'lastLoginAt')}, ${at('u.created_at', 'createdAt')},
               ${at('u.updated_at', 'updatedAt')}
          from users u where u.id = me.id`,
    },
    consent: {
      isOne: true,
      sql: `
        select u.consent_version as version, ${at('u.consented_at', 'consentedAt')}
          from users u where u.id = me.id and u.consented_at is not null`,
    },
    secondFactor: {
      isOne: true,
      sql: `
        select ${at('f.confirmed_at', 'confirmedAt')}, ${at('f.created_at', 'createdAt')},
               (select count(*) from recovery_codes c
                 where c.user_id = me.id and c.used_at is null) as "recoveryCodesLeft"
          from second_factors f where f.user_id = me.id`,
    },
    roles: {
      sql: `
        select r.name, a.scope, a.max_amount as "maxAmount", a.currency, a.valid_from as "validFrom",
               a.valid_to as "validTo", ${at('a.created_at', 'assignedAt')}
          from role_assignments a join roles r on r.id = a.role_id where a.user_id = me.id order by a.id`,
    },
    /** What the person gave to others. */
    rolesAssigned: {
      sql: `
        select r.name, a.user_id as "userId", a.scope, ${at('a.created_at', 'assignedAt')}
          from role_assignments a join roles r on r.id = a.role_id
         where a.assigned_by_id = me.id and a.user_id <> me.id order by a.id`,
    },
    sessions: {
      sql: `
        select s.id, s.kind, s.ip, s.user_agent as "userAgent", ${at('s.created_at', 'createdAt')},
               ${at('s.last_used_at', 'lastUsedAt')}, ${at('s.expires_at', 'expiresAt')},
               ${at('s.revoked_at', 'revokedAt')}
          from sessions s where s.user_id = me.id and s.kind <> 'ceremony' order by s.created_at, s.id`,
    },
    devices: {
      sql: `
        select d.id, d.ip, d.user_agent as "userAgent", ${at('d.created_at', 'createdAt')},
               ${at('d.last_used_at', 'lastUsedAt')}, ${at('d.revoked_at', 'revokedAt')}
          from known_devices d where d.user_id = me.id order by d.created_at, d.id`,
    },
    passkeys: {
      sql: `
        select p.id, p.name, p.is_backed_up as "isBackedUp", ${at('p.created_at', 'createdAt')},
               ${at('p.last_used_at', 'lastUsedAt')}
          from passkeys p where p.user_id = me.id order by p.id`,
    },
    apiTokens: {
      inPerson: true,
      sql: `
        select t.id, t.name, t.prefix, t.scopes, ${at('t.created_at', 'createdAt')},
               ${at('t.last_used_at', 'lastUsedAt')}, ${at('t.expires_at', 'expiresAt')},
               ${at('t.revoked_at', 'revokedAt')}
          from api_tokens t where t.user_id = me.id order by t.id`,
    },
    apiKeys: {
      inPerson: true,
      sql: `
        select k.id, k.name, k.description, k.prefix, k.scopes, k.status, k.limit_per_minute as "limitPerMinute",
               k.limit_per_day as "limitPerDay", k.limit_per_month as "limitPerMonth",
               ${at('k.created_at', 'createdAt')}, ${at('k.last_used_at', 'lastUsedAt')},
               ${at('k.expires_at', 'expiresAt')},
               (select coalesce(sum(g.requests), 0) from api_key_usage g where g.api_key_id = k.id) as requests
          from api_keys k where k.user_id = me.id order by k.created_at, k.id`,
    },
  },
  // What hangs on a row, like a session's refresh tokens, goes with it.
  references: {
    'sessions.user_id': { export: 'sessions', erasure: 'deleted' },
    'api_tokens.user_id': { export: 'apiTokens', erasure: 'deleted' },
    'api_keys.user_id': { export: 'apiKeys', erasure: 'deleted' },
    'known_devices.user_id': { export: 'devices', erasure: 'deleted' },
    'passkeys.user_id': { export: 'passkeys', erasure: 'deleted' },
    'passkey_challenges.user_id': {
      export: { none: 'A random number that is valid for minutes' },
      erasure: 'deleted',
    },
    'second_factors.user_id': { export: 'secondFactor', erasure: 'deleted' },
    'recovery_codes.user_id': { export: 'secondFactor', erasure: 'deleted' },
    'role_assignments.user_id': { export: 'roles', erasure: 'deleted' },
    'role_assignments.assigned_by_id': {
      export: 'rolesAssigned',
      erasure: { kept: "Another person's role says who gave it, by number" },
    },
  },
  erase: async (tx, ctx, userId) => {
    await endSessionsOf(tx, ctx, userId);
    await revokeTokensOf(tx, ctx, userId);
    await forgetAttemptsOf(tx, userId);
    // The answers that are stored under the person's idempotency keys.
    await tx.send(sql`delete from idempotency_keys where owner = ${`u${userId}`}`);
  },
  pseudonymise: async (tx, userId) => {
    await tx.send(sql`
      update users
         set username = 'erased-' || id, email = 'erased-' || id || '@invalid.invalid', first_name = '',
             last_name = '', phone = null, consented_at = null, consent_version = null, street = null, city = null,
             postal_code = null, country = null, time_zone = null, password_hash = null, last_login_at = null,
             is_active = false, inactive_reason = null, erased_at = now(), updated_at = now()
       where id = ${userId}`);
    await tx.send(sql`
      update events set data = data || jsonb_build_object('username', ${`erased-${userId}`}::text)
       where account_id = ${userId} and data->>'username' is not null`);
    await tx.send(sql`
      update events set data = data || '{"name": ""}' where account_id = ${userId} and data->>'name' is not null`);
  },
};
