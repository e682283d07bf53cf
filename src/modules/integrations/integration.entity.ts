import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../kernel/scalars.js';
import { User } from '../identity/people/user.entity.js';

export enum IntegrationKind {
  ZAPIER = 'zapier',
  N8N = 'n8n',
  CUSTOM = 'custom',
  SALESFORCE = 'salesforce',
  HUBSPOT = 'hubspot',
  MAILCHIMP = 'mailchimp',
  MQTT = 'mqtt',
}

registerEnumType(IntegrationKind, {
  name: 'IntegrationKind',
  description: 'Which program an integration connects to.',
  valuesConfig: {
    ZAPIER: { description: 'Zapier, by a webhook.' },
    N8N: { description: 'n8n, by a webhook.' },
    CUSTOM: { description: 'A program of one’s own, by a webhook.' },
    SALESFORCE: { description: 'Salesforce: kept, and not connected to.' },
    HUBSPOT: { description: 'HubSpot: kept, and not connected to.' },
    MAILCHIMP: { description: 'Mailchimp: kept, and not connected to.' },
    MQTT: { description: 'A broker of MQTT: kept, and not connected to.' },
  },
});

export enum IntegrationStatus {
  ACTIVE = 'active',
  INACTIVE = 'inactive',
  UNAVAILABLE = 'unavailable',
}

registerEnumType(IntegrationStatus, {
  name: 'IntegrationStatus',
  description: 'Whether an integration is told of events.',
  valuesConfig: {
    ACTIVE: { description: 'It is.' },
    INACTIVE: { description: 'It is switched off, by somebody or by the server.' },
    UNAVAILABLE: { description: 'The server cannot connect to programs of its kind.' },
  },
});

/** The configuration is no column here: what is sealed, no plan may read. */
@ObjectType({
  simpleResolvers: true,
  description:
    "A program of somebody else's that is told of the events that its owner may hear, in the documented form of " +
    'SmartLeakPro. Whoever has `integrations:read` sees them all.',
})
@Entity({ tableName: 'integrations' })
export class Integration {
  @Field(() => ID, { description: 'UUID.' })
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Field(() => User, { nullable: true, description: 'Who made it: what is delivered is what this person may hear.' })
  @ManyToOne({ entity: () => User, ref: true })
  owner!: Ref<User>;

  @Field(() => IntegrationKind, { description: 'Which program it connects to.' })
  @Enum({ items: () => IntegrationKind })
  kind!: IntegrationKind;

  @Field(() => String, { description: 'What it is called.' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => String, { description: 'What it is for.' })
  @Property({ type: 'text', default: '' })
  description: string & Opt = '';

  // The webhook is another person's for most who see the integration: what it does is in `health`.
  @Property({ type: 'integer', nullable: true })
  endpointId?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was last synchronised by hand.' })
  @Property({ type: 'timestamptz', nullable: true })
  lastSyncAt?: Date | null;

  @Field(() => Int, { description: 'How often it was synchronised by hand.' })
  @Property({ type: 'integer', default: 0 })
  syncCount: number & Opt = 0;

  @Field(() => DateTime, { description: 'When it was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When it was last changed.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()', onUpdate: () => new Date() })
  updatedAt: Date & Opt = new Date();
}
