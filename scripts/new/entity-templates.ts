import type { ThingNames } from './names.js';

// The files of a new entity. `up` leads from its folder to `src/`. They are formatted afterwards.

export const tableText = ({ plural }: ThingNames): string => `
create table ${plural.snake} (
  id int primary key generated always as identity,
  name text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index ${plural.snake}_name_key on ${plural.snake} (lower(name));
create index ${plural.snake}_name_idx on ${plural.snake} (name, id);

insert into permissions (resource, action, description) values
  ('${plural.snake}', '*', '${plural.type}'), ('${plural.snake}', 'write', '${plural.type}: create, change, delete');
`;

export const entityText = ({ type, words, plural }: ThingNames, up: string): string =>
  `
import type { Opt } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime } from '${up}kernel/scalars.js';

@ObjectType({ simpleResolvers: true, description: 'A ${words}.' })
@Entity({ tableName: '${plural.snake}' })
export class ${type} {
  @Field(() => ID, { description: 'Number of the ${words}.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => String, { description: 'Name, unique without regard to case.' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => DateTime, { description: 'When the ${words} was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When the ${words} was last changed.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()', onUpdate: () => new Date() })
  updatedAt: Date & Opt = new Date();
}
`.trimStart();

export const policyText = ({ plural }: ThingNames, up: string): string =>
  `
import { everyRow, noRow, type Predicate } from '${up}kernel/read-model.js';
import { isReader, requirePermission, type SignedIn, type Viewer } from '${up}kernel/viewer.js';

/** Everybody who is signed in sees them all. */
export const visible${plural.type} = (viewer: Viewer): Predicate => (isReader(viewer) ? everyRow : noRow);

/** Throws UNAUTHENTICATED or FORBIDDEN unless the viewer may change them. */
export const require${plural.type}Editor = (viewer: Viewer): SignedIn =>
  requirePermission(viewer, '${plural.snake}:write');
`.trimStart();

export const readsText = ({ type, field, file, plural }: ThingNames, up: string): string =>
  `
import { column, contains, type ListedReadModel } from '${up}kernel/read-model.js';
import { ${type} } from './${file}.entity.js';
import { visible${plural.type} } from './${file}.policy.js';

export const ${field}Reads: ListedReadModel<${type}> = {
  entity: ${type},
  visibleTo: visible${plural.type},
  list: {
    defaultOrder: 'NAME_ASC',
    orders: { ID: column('id', 'int'), NAME: column('name', 'text') },
    filters: { search: contains((a) => \`\${a}.name\`) },
  },
};
`.trimStart();

export const inputsText = ({ type, field, file, words, plural }: ThingNames, up: string): string =>
  `
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '${up}kernel/connection.js';
import { ${type} } from './${file}.entity.js';
import { ${field}Reads } from './${file}.reads.js';

export const ${type}Connection = connectionType('${type}', () => ${type});

@InputType({ description: 'Conditions on ${plural.words}; all that are given must hold.' })
export class ${type}Filter extends ListFilter {
  @Field(() => String, { nullable: true, description: 'Part of the name.' })
  search?: string;
}

export const ${type}ListArgs = listArgs('${type}', ${field}Reads.list, ${type}Filter);

@InputType({ description: 'A new ${words}.' })
export class Create${type}Input {
  @Field(() => String, { description: 'Name, unique without regard to case.' })
  name!: string;
}

@InputType({ description: 'Changes to a ${words}; what is absent stays.' })
export class Update${type}Input {
  @Field(() => ID, { description: 'Number of the ${words}.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Name, unique without regard to case.' })
  name?: string | null;
}

@InputType({ description: 'Which ${words}.' })
export class Delete${type}Input {
  @Field(() => ID, { description: 'Number of the ${words}.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'The ${words} after the change.' })
export class ${type}Payload {
  @Field(() => ${type}, { description: 'The ${words} as it is now.' })
  ${field}!: ${type};
}
`.trimStart();

export const resolverText = ({ type, field, file, words, plural }: ThingNames, up: string): string =>
  `
import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import type { Connection, ListArgs } from '${up}kernel/connection.js';
import type { Context } from '${up}kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '${up}kernel/payload.js';
import { Planned } from '${up}kernel/planned.js';
import { requireSignedIn } from '${up}kernel/viewer.js';
import { ${type} } from './${file}.entity.js';
import {
  Create${type}Input,
  Delete${type}Input,
  ${type}Connection,
  ${type}ListArgs,
  ${type}Payload,
  Update${type}Input,
} from './${file}.inputs.js';
import { ${field}Reads } from './${file}.reads.js';
import { delete${type}, save${type} } from './save-${file}.js';

const payload = payloadOf('${field}', ${field}Reads);

@Resolver(() => ${type})
export class ${type}Resolver {
  @Planned
  @Query(() => ${type}Connection, { description: 'All ${plural.words}.' })
  ${plural.field}(
    @Ctx() { viewer, read }: Context,
    @Args(() => ${type}ListArgs) args: ListArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<${type}>> {
    requireSignedIn(viewer);
    return read.list(${field}Reads, args, info);
  }

  @Planned
  @Query(() => ${type}, { nullable: true, description: 'One ${words}; null when there is none.' })
  async ${field}(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Number of the ${words}.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<${type} | undefined> {
    requireSignedIn(viewer);
    return read.one(${field}Reads, id, info);
  }

  @Mutation(() => ${type}Payload, { description: 'Makes a ${words}; needs \`${plural.snake}:write\`.' })
  async create${type}(
    @Ctx() ctx: Context,
    @Arg('input', () => Create${type}Input, { description: 'The ${words}.' }) input: Create${type}Input,
    @Info() info: GraphQLResolveInfo,
  ): Promise<${type}Payload> {
    return payload(ctx, await save${type}(ctx, input), info);
  }

  @Mutation(() => ${type}Payload, { description: 'Changes a ${words}; needs \`${plural.snake}:write\`.' })
  async update${type}(
    @Ctx() ctx: Context,
    @Arg('input', () => Update${type}Input, { description: 'The changes.' }) input: Update${type}Input,
    @Info() info: GraphQLResolveInfo,
  ): Promise<${type}Payload> {
    return payload(ctx, await save${type}(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, { description: 'Deletes a ${words}; needs \`${plural.snake}:write\`.' })
  async delete${type}(
    @Ctx() ctx: Context,
    @Arg('input', () => Delete${type}Input, { description: 'The ${words}.' }) { id }: Delete${type}Input,
  ): Promise<DeletedPayload> {
    await delete${type}(ctx, id);
    return deleted('${type}', id);
  }
}
`.trimStart();

export const commandText = ({ type, file, snake, words, plural }: ThingNames, up: string): string =>
  `
import { isUniqueViolation, type Transaction } from '${up}db/sql-client.js';
import { set, sql, values } from '${up}db/sql.js';
import { emit } from '${up}events/outbox.js';
import type { CommandContext } from '${up}kernel/command.js';
import { badField, duplicateField, notFound } from '${up}lib/errors.js';
import { rowId } from '${up}lib/row-id.js';
import { ${type} } from './${file}.entity.js';
import type { Update${type}Input } from './${file}.inputs.js';
import { require${plural.type}Editor } from './${file}.policy.js';

export type ${type}Facts = Partial<Omit<Update${type}Input, 'id'>>;

const maxNameLength = 200;

/** The columns of the facts. A fact that is forgotten here does not compile. */
const columnsOf = (facts: ${type}Facts) =>
  ({ name: facts.name === null ? '' : facts.name?.trim() }) satisfies Record<keyof ${type}Facts, unknown>;

/**
 * Creates a ${words}, or changes the one with \`id\`: facts that are undefined stay. Returns its id. Throws
 * BAD_USER_INPUT, CONFLICT for a name that is taken, NOT_FOUND.
 */
export async function save${type}(
  ctx: CommandContext,
  { id, ...facts }: ${type}Facts & { id?: string },
): Promise<number> {
  require${plural.type}Editor(ctx.viewer);
  const columns = columnsOf(facts);
  try {
    return await ctx.db.transaction(async (tx) => {
      const before = id === undefined ? undefined : await lock${type}(tx, id);
      const name = columns.name ?? before?.name ?? '';
      if (name === '') throw badField('name', 'required', 'is required');
      if (name.length > maxNameLength) throw badField('name', 'too_long', \`At most \${maxNameLength} characters\`);
      const saved = await tx.first<{ id: number }>(
        before
          ? sql\`update ${plural.snake} set \${set(${type}, { ...columns, name, updatedAt: sql\`now()\` })}
                 where id = \${before.id} returning id\`
          : sql\`insert into ${plural.snake} \${values(${type}, { ...columns, name })} returning id\`,
      );
      const { id: number } = saved as { id: number };
      await emit(tx, ctx, before ? '${snake}.updated' : '${snake}.created', ['${type}', number], { name });
      return number;
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw duplicateField('${type}', 'name', 'Another ${words} has this name');
    throw error;
  }
}

/** Throws NOT_FOUND. */
export async function delete${type}(ctx: CommandContext, id: string): Promise<void> {
  require${plural.type}Editor(ctx.viewer);
  await ctx.db.transaction(async (tx) => {
    const { id: number, name } = await lock${type}(tx, id);
    await tx.send(sql\`delete from ${plural.snake} where id = \${number}\`);
    await emit(tx, ctx, '${snake}.deleted', ['${type}', number], { name });
  });
}

async function lock${type}(tx: Transaction, id: string): Promise<{ id: number; name: string }> {
  const row = await tx.first<{ id: number; name: string }>(
    sql\`select id, name from ${plural.snake} where id = \${rowId(id) ?? null}::int for update\`,
  );
  if (!row) throw notFound('${type}');
  return row;
}
`.trimStart();
