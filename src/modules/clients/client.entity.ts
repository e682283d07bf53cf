import { Collection, type Opt, type Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, OneToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../kernel/scalars.js';
import { VersionedColumns } from '../../kernel/versioned-columns.js';
import { User } from '../identity/people/user.entity.js';
import { MaintenanceContract } from '../interventions/contracts/maintenance-contract.entity.js';
import { Intervention } from '../interventions/intervention.entity.js';
import { Invoice } from '../invoicing/invoice.entity.js';
import { Appointment } from '../planning/appointment.entity.js';

export enum ClientStatus {
  ACTIVE = 'active',
  INACTIVE = 'inactive',
  PROSPECT = 'prospect',
}

registerEnumType(ClientStatus, {
  name: 'ClientStatus',
  description: 'Where the firm stands with a client.',
  valuesConfig: {
    ACTIVE: { description: 'The firm works for it.' },
    INACTIVE: { description: 'The firm works for it no more.' },
    PROSPECT: { description: 'It may become one.' },
  },
});

@ObjectType({ simpleResolvers: true, description: 'Whom the firm works for. Seen with `clients:read`.' })
@Entity({ tableName: 'clients' })
export class Client extends VersionedColumns {
  @Field(() => ID, { description: 'UUID of the client.' })
  @PrimaryKey({ type: 'uuid', defaultRaw: 'gen_random_uuid()' })
  id!: string & Opt;

  @Field(() => String, { description: 'Name, of a person or of a firm.' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'Legal name of a firm.' })
  @Property({ type: 'text', nullable: true })
  companyName?: string | null;

  @Field(() => String, { nullable: true, description: 'E-mail address, of one client only.' })
  @Property({ type: 'text', nullable: true })
  email?: string | null;

  @Field(() => String, { nullable: true, description: 'Telephone number.' })
  @Property({ type: 'text', nullable: true })
  phone?: string | null;

  @Field(() => String, { nullable: true, description: 'Postal address.' })
  @Property({ type: 'text', nullable: true })
  address?: string | null;

  @Field(() => String, { nullable: true, description: 'Whom to ask for there.' })
  @Property({ type: 'text', nullable: true })
  contactName?: string | null;

  @Field(() => String, { nullable: true, description: 'What the firm notes about it.' })
  @Property({ type: 'text', nullable: true })
  notes?: string | null;

  @Field(() => ClientStatus, { description: 'Where the firm stands with it.' })
  @Enum({ items: () => ClientStatus, default: ClientStatus.ACTIVE })
  status: ClientStatus & Opt = ClientStatus.ACTIVE;

  @Field(() => User, { nullable: true, description: 'Who made it; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  createdBy?: Ref<User> | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When what named it was removed for good; null: it was not.',
  })
  @Property({ type: 'timestamptz', nullable: true })
  anonymizedAt?: Date | null;

  // Connections of the graph, declared by the resolvers of their modules.
  @OneToMany({ entity: () => Intervention, mappedBy: 'client' })
  interventions = new Collection<Intervention>(this);

  @OneToMany({ entity: () => MaintenanceContract, mappedBy: 'client' })
  maintenanceContracts = new Collection<MaintenanceContract>(this);

  @OneToMany({ entity: () => Appointment, mappedBy: 'client' })
  appointments = new Collection<Appointment>(this);

  @OneToMany({ entity: () => Invoice, mappedBy: 'client' })
  invoices = new Collection<Invoice>(this);
}
