import { Collection, type Opt } from '@mikro-orm/core';
import { Entity, ManyToMany, OneToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { AuditEvent } from '../../audit/audit-event.entity.js';
import { ApiToken } from '../api-keys/api-token.entity.js';
import { Passkey } from '../passkeys/passkey.entity.js';
import { RoleAssignment } from '../roles/role-assignment.entity.js';
import { Role } from '../roles/role.entity.js';
import { KnownDevice } from '../sessions/known-device.entity.js';
import { Session } from '../sessions/session.entity.js';

@ObjectType({
  simpleResolvers: true,
  description:
    'A person. Colleagues see the names; the private fields are null for all but the person and `users:read`.',
})
@Entity({ tableName: 'users' })
export class User {
  @Field(() => ID, { description: 'Number of the person, the same in every dialect that counts.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => ID, { description: 'The same person for the dialects that use UUIDs.' })
  @Property({ type: 'uuid', defaultRaw: 'gen_random_uuid()' })
  uuid!: string & Opt;

  @Field(() => String, { description: 'Name to sign in with, unique without regard to case.' })
  @Property({ type: 'text' })
  username!: string;

  @Field(() => String, { nullable: true, description: 'Address, unique without regard to case. Private.' })
  @Property({ type: 'text' })
  email!: string;

  @Field(() => String, { description: 'Given name.' })
  @Property({ type: 'text', default: '' })
  firstName: string & Opt = '';

  @Field(() => String, { description: 'Family name.' })
  @Property({ type: 'text', default: '' })
  lastName: string & Opt = '';

  @Field(() => String, { description: 'Given and family name.' })
  @Property({ type: 'text', generated: `(btrim(first_name || ' ' || last_name)) stored` })
  fullName!: string & Opt;

  @Field(() => String, { nullable: true, description: 'Telephone. Private.' })
  @Property({ type: 'text', nullable: true })
  phone?: string | null;

  @Field(() => String, { nullable: true, description: 'Street and number. Private.' })
  @Property({ type: 'text', nullable: true })
  street?: string | null;

  @Field(() => String, { nullable: true, description: 'City. Private.' })
  @Property({ type: 'text', nullable: true })
  city?: string | null;

  @Field(() => String, { nullable: true, description: 'Postal code. Private.' })
  @Property({ type: 'text', nullable: true })
  postalCode?: string | null;

  @Field(() => String, { nullable: true, description: 'Country. Private.' })
  @Property({ type: 'text', nullable: true })
  country?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Time zone in which the person's days are counted; null: the server's own. Private.",
  })
  @Property({ type: 'text', nullable: true })
  timeZone?: string | null;

  // Argon2id, or null for a person who cannot sign in with a password. Never in the graph.
  @Property({ type: 'text', nullable: true, hidden: true, lazy: true })
  passwordHash?: string | null;

  @Field(() => Boolean, { description: 'False: every credential of the person is refused.' })
  @Property({ type: 'boolean', default: true })
  isActive: boolean & Opt = true;

  // `suspended` or `pending`; in the graph a part of `status`.
  @Property({ type: 'text', nullable: true })
  inactiveReason?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When the person last signed in. Private.' })
  @Property({ type: 'timestamptz', nullable: true })
  lastLoginAt?: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the person agreed to the privacy text; null: not. Private.',
  })
  @Property({ type: 'timestamptz', nullable: true })
  consentedAt?: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'Version of the privacy text that the person agreed to. Private.',
  })
  @Property({ type: 'text', nullable: true })
  consentVersion?: string | null;

  // Set when the person was erased: the row stays, pseudonymised, for the invoices that the law keeps.
  @Property({ type: 'timestamptz', nullable: true })
  erasedAt?: Date | null;

  @Field(() => Int, {
    description: 'Raised at each change of the profile: name it in an update to be told of changes meanwhile.',
  })
  @Property({ type: 'integer', default: 1 })
  version: number & Opt = 1;

  @Field(() => DateTime, { description: 'When the account was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When the account was last changed.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()', onUpdate: () => new Date() })
  updatedAt: Date & Opt = new Date();

  @Field(() => [Role], { description: 'Roles that the person holds today, each once. Private: empty for others.' })
  @ManyToMany({
    entity: () => Role,
    pivotTable: 'user_roles',
    joinColumn: 'user_id',
    inverseJoinColumn: 'role_id',
    owner: true,
  })
  roles = new Collection<Role>(this);

  @Field(() => [RoleAssignment], {
    description:
      'Roles that the person holds with their bounds, also out of their period: at most 200. Private: empty for all ' +
      'but the person and `roles:read`.',
  })
  @OneToMany({ entity: () => RoleAssignment, mappedBy: 'user', orderBy: { id: 'asc' } })
  roleAssignments = new Collection<RoleAssignment>(this);

  @Field(() => [ApiToken], {
    description:
      "The person's API tokens, without the secrets: at most 100 that hold, and the last 100 that ended, newest first.",
  })
  @OneToMany({ entity: () => ApiToken, mappedBy: 'user', orderBy: { id: 'desc' } })
  apiTokens = new Collection<ApiToken>(this);

  @Field(() => [Passkey], { description: "The person's passkeys, at most 50, the oldest first." })
  @OneToMany({ entity: () => Passkey, mappedBy: 'user', orderBy: { id: 'asc' } })
  passkeys = new Collection<Passkey>(this);

  @Field(() => [Session], {
    description:
      'Where the person is signed in, newest first: at most 100 sessions that hold, and the last 100 that ended.',
  })
  @OneToMany({ entity: () => Session, mappedBy: 'user', orderBy: { createdAt: 'desc' } })
  sessions = new Collection<Session>(this);

  @Field(() => [KnownDevice], {
    description:
      "Devices that the person is known to use, also while others' guesses lock the name: at most 20, and the last " +
      '100 that were forgotten.',
  })
  @OneToMany({ entity: () => KnownDevice, mappedBy: 'user', orderBy: { lastUsedAt: 'desc' } })
  devices = new Collection<KnownDevice>(this);

  // A connection in the graph: audit-event.resolver.ts.
  @OneToMany({ entity: () => AuditEvent, mappedBy: 'account' })
  accessLog = new Collection<AuditEvent>(this);
}
