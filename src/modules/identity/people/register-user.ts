import { sql } from '../../../db/sql.js';
import type { Context } from '../../../kernel/context.js';
import { forbidden } from '../../../lib/errors.js';
import { type CreatedPerson, createPerson, type NewPerson } from './create-person.js';

export interface Registration extends NewPerson {
  withToken?: boolean | null;
}

/** Creates an account for oneself, with the role `user`. Throws FORBIDDEN when registration is closed. */
export async function registerUser(ctx: Context, input: Registration): Promise<CreatedPerson> {
  requireOpenRegistration(ctx);
  return createPerson(ctx, input, {
    roleIds: await rolesOfNewcomers(ctx),
    withToken: input.withToken ?? false,
    bySelf: true,
  });
}

/** Throws FORBIDDEN when registration is closed. */
export function requireOpenRegistration({ services }: Context): void {
  if (!services.config.registrationOpen)
    throw forbidden('Registration is closed: ask an administrator', 'registration_closed');
}

/** Returns the roles of somebody who registers. */
export async function rolesOfNewcomers({ db }: Context): Promise<number[]> {
  const roles = await db.all<{ id: number }>(sql`select id from roles where name = 'user'`);
  return roles.map(({ id }) => id);
}
