import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../kernel/connection.js';
import { DeletedPayload } from '../../kernel/payload.js';
import { DateTime, Json } from '../../kernel/scalars.js';
import { ProcessRole } from '../processes/server-process.entity.js';
import { Plugin, PluginStatus } from './plugin.entity.js';
import { pluginReads } from './plugin.reads.js';

export const PluginConnection = connectionType('Plugin', () => Plugin);

@InputType({ description: 'Conditions on plugins; all that are given must hold.' })
export class PluginFilter extends ListFilter {
  @Field(() => PluginStatus, { nullable: true, description: 'With this status.' })
  status?: PluginStatus | null;

  @Field(() => Boolean, { nullable: true, description: 'True: those that are active; false: the others.' })
  isActive?: boolean | null;
}

export const PluginListArgs = listArgs('Plugin', pluginReads.list, PluginFilter);

@ObjectType({ simpleResolvers: true, description: 'A route that a plugin serves.' })
export class PluginRoute {
  @Field(() => String, { description: 'Its method: `GET`.' })
  method!: string;

  @Field(() => String, { description: 'Its path with the prefix, parameters with a colon: `/crm/customers/:id`.' })
  path!: string;

  @Field(() => String, { description: 'What it does; may be empty.' })
  summary!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A page that a plugin brings for the console.' })
export class PluginPage {
  @Field(() => String, { description: 'Its name in the address.' })
  path!: string;

  @Field(() => String, { description: 'Its title.' })
  title!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A plugin that another one needs.' })
export class PluginDependency {
  @Field(() => ID, { description: 'Its id.' })
  pluginId!: string;

  @Field(() => String, { description: 'The versions that will do: `^1.2.0`.' })
  range!: string;
}

@ObjectType({ simpleResolvers: true, description: 'What a plugin brings, as its process said it.' })
export class PluginContribution {
  @Field(() => String, { description: 'Its part of the schema, in SDL; may be empty.' })
  sdl!: string;

  @Field(() => [PluginRoute], { description: 'Each of its routes, those of its dialect too.' })
  routes!: PluginRoute[];

  @Field(() => String, { nullable: true, description: 'Where its dialect is served; null when it has none.' })
  dialectPrefix!: string | null;

  @Field(() => [String], { description: 'Ids of its tasks, without its own.' })
  taskIds!: string[];

  @Field(() => [String], { description: 'What its tasks can do, without its id.' })
  actions!: string[];

  @Field(() => [String], { description: 'Events that it writes, without its id.' })
  events!: string[];

  @Field(() => [String], { description: 'Types of events that it is told of.' })
  handledEvents!: string[];

  @Field(() => [String], { description: 'Names of its migrations, in their order.' })
  migrations!: string[];

  @Field(() => [PluginPage], { description: 'Each of its pages for the console.' })
  pages!: PluginPage[];
}

@ObjectType({ simpleResolvers: true, description: 'A version of a plugin that is kept.' })
export class PluginVersion {
  @Field(() => String, { description: 'Its number.' })
  version!: string;

  @Field(() => String, { description: 'SHA-256 of its package, in hex.' })
  packageHash!: string;

  @Field(() => DateTime, { description: 'When it came here.' })
  installedAt!: Date;

  @Field(() => Boolean, { description: 'It is the one that is installed.' })
  isInstalled!: boolean;
}

@ObjectType({ simpleResolvers: true, description: 'A process that does not serve a change yet.' })
export class LaggingProcess {
  @Field(() => ID, { description: 'UUID of the process, as in `processes`.' })
  processId!: string;

  @Field(() => String, { description: 'Name of its machine.' })
  host!: string;

  @Field(() => ProcessRole, { description: 'What it does.' })
  role!: ProcessRole;
}

@ObjectType({ simpleResolvers: true, description: 'The plugin as it is now.' })
export class PluginPayload {
  @Field(() => Plugin, { description: 'The plugin.' })
  plugin!: Plugin;

  @Field(() => [LaggingProcess], {
    description:
      'Live processes that did not follow within 15 seconds; they serve the routes of the plugin 503 until they do. ' +
      'Empty: all have.',
  })
  lagging!: LaggingProcess[];
}

@ObjectType({ simpleResolvers: true, description: 'The plugin that is gone.' })
export class UninstallPluginPayload extends DeletedPayload {
  @Field(() => [LaggingProcess], { description: 'Live processes that did not follow within 15 seconds.' })
  lagging!: LaggingProcess[];
}

const grantsWords = 'Capabilities that it gets, of those that it asks for.';

@InputType({ description: 'A plugin to install.' })
export class InstallPluginInput {
  @Field(() => ID, { description: 'Its id, which its manifest has to say too.' })
  id!: string;

  @Field(() => String, {
    description:
      'A folder or a `.tgz` of the server, a package of npm, or an https address of a `.tgz` or a `.git`; allowed by ' +
      'PLUGIN_SOURCES.',
  })
  source!: string;

  @Field(() => String, {
    nullable: true,
    description: 'A version or a range; for npm also a tag; for git also a tag, a branch or a commit.',
  })
  version?: string | null;

  @Field(() => [String], { nullable: true, description: `${grantsWords} Absent: all.` })
  grants?: string[] | null;

  @Field(() => Json, { nullable: true, description: 'Settings, by the schema of its manifest: an object.' })
  settings?: unknown;
}

@InputType({ description: 'A plugin.' })
export class EnablePluginInput {
  @Field(() => ID, { description: 'Which plugin.' })
  id!: string;
}

@InputType({ description: 'A plugin.' })
export class DisablePluginInput {
  @Field(() => ID, { description: 'Which plugin.' })
  id!: string;
}

@InputType({ description: 'A plugin.' })
export class ReloadPluginInput {
  @Field(() => ID, { description: 'Which plugin.' })
  id!: string;
}

@InputType({ description: 'Another version of a plugin.' })
export class UpgradePluginInput {
  @Field(() => ID, { description: 'Which plugin.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Where it is from; absent: from where it came.' })
  source?: string | null;

  @Field(() => String, { nullable: true, description: 'As at the installation; absent: the newest.' })
  version?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: `${grantsWords} Needed when the version asks for more; absent: those that it has.`,
  })
  grants?: string[] | null;
}

@InputType({ description: 'A former version of a plugin.' })
export class RollbackPluginInput {
  @Field(() => ID, { description: 'Which plugin.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Number of the version; absent: the one before.' })
  version?: string | null;
}

@InputType({ description: 'Capabilities of a plugin.' })
export class GrantPluginInput {
  @Field(() => ID, { description: 'Which plugin.' })
  id!: string;

  @Field(() => [String], { description: `${grantsWords} It has no others then.` })
  grants!: string[];
}

@InputType({ description: 'Settings of a plugin.' })
export class UpdatePluginSettingsInput {
  @Field(() => ID, { description: 'Which plugin.' })
  id!: string;

  @Field(() => Json, {
    description: 'An object: null takes a setting away, absent ones stay. By the schema of the manifest.',
  })
  settings!: unknown;
}

@InputType({ description: 'A plugin to remove.' })
export class UninstallPluginInput {
  @Field(() => ID, { description: 'Which plugin.' })
  id!: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: its tables stay, for another installation of it. Default: false.',
  })
  keepData?: boolean | null;
}
