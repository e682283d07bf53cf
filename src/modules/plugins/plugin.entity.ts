import type { Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../kernel/scalars.js';
import { User } from '../identity/people/user.entity.js';

export enum PluginStatus {
  INSTALLED = 'installed',
  ACTIVE = 'active',
  DISABLED = 'disabled',
  FAILED = 'failed',
}

registerEnumType(PluginStatus, {
  name: 'PluginStatus',
  description: 'How it stands with a plugin.',
  valuesConfig: {
    INSTALLED: { description: 'It is there and was never enabled.' },
    ACTIVE: { description: 'What it brings is served.' },
    DISABLED: { description: 'It was disabled.' },
    FAILED: { description: 'It cannot be served: `reason` says why.' },
  },
});

export enum PluginSourceKind {
  FOLDER = 'folder',
  TARBALL = 'tarball',
  NPM = 'npm',
  GIT = 'git',
}

registerEnumType(PluginSourceKind, {
  name: 'PluginSourceKind',
  description: 'What kind of place a plugin came from.',
  valuesConfig: {
    FOLDER: { description: 'A folder of the server.' },
    TARBALL: { description: 'An archive, of the server or over https.' },
    NPM: { description: 'A package of a registry of npm.' },
    GIT: { description: 'A git repository over https.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description:
    'A plugin: types, routes, tasks and handlers that run in a process of their own, with the capabilities that an ' +
    'administrator granted.',
})
@Entity({ tableName: 'plugins' })
export class Plugin {
  @Field(() => ID, { description: 'Its id, as its manifest says it.' })
  @PrimaryKey({ type: 'text', columnType: 'text' })
  id!: string;

  @Field(() => String, { description: 'Its name for people.' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => PluginStatus, { description: 'How it stands with it.' })
  @Enum({ items: () => PluginStatus })
  status!: PluginStatus;

  @Field(() => String, { nullable: true, description: 'Why it failed; null for all that did not.' })
  @Property({ type: 'text', nullable: true })
  reason?: string | null;

  @Field(() => String, { description: 'Version that is installed.' })
  @Property({ type: 'text' })
  version!: string;

  @Field(() => String, { description: 'Who made it; may be empty.' })
  @Property({ type: 'text' })
  author!: string;

  @Field(() => String, { description: 'What it is for; may be empty.' })
  @Property({ type: 'text' })
  description!: string;

  @Field(() => String, { nullable: true, description: 'Path below which its routes are served.' })
  @Property({ type: 'text', nullable: true })
  apiPrefix?: string | null;

  @Field(() => [String], { description: 'Words to find it by.' })
  @Property({ columnType: 'text[]', type: 'array' })
  tags!: string[];

  @Field(() => String, { description: 'Where it came from, as it was given.' })
  @Property({ type: 'text' })
  source!: string;

  @Field(() => PluginSourceKind, { description: 'What kind of place that is.' })
  @Enum({ items: () => PluginSourceKind })
  sourceKind!: PluginSourceKind;

  @Field(() => String, { nullable: true, description: 'Version, range, tag, branch or commit that was asked for.' })
  @Property({ type: 'text', nullable: true })
  requestedVersion?: string | null;

  @Field(() => [String], { description: 'Capabilities that an administrator granted.' })
  @Property({ columnType: 'text[]', type: 'array' })
  grants!: string[];

  @Field(() => DateTime, { description: 'When it was installed.' })
  @Property({ type: 'timestamptz' })
  installedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was enabled; null when it never was.' })
  @Property({ type: 'timestamptz', nullable: true })
  loadedAt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was last reloaded, upgraded or rolled back.' })
  @Property({ type: 'timestamptz', nullable: true })
  lastReload?: Date | null;

  @Property({ type: 'json', columnType: 'jsonb' })
  settings!: Record<string, unknown>;

  /** Of the version that is installed. */
  @Property({ type: 'text' })
  packageHash!: string;

  @Field(() => User, {
    nullable: true,
    description: 'Whose rights its tasks and handlers have: who installed it. null: nobody, and they do not run.',
  })
  @ManyToOne({ entity: () => User, ref: true, nullable: true })
  runAs?: Ref<User> | null;
}
