import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import { answeredByReader, type Connection, type ConnectionArgs, type ListArgs } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { payloadOf } from '../../../kernel/payload.js';
import { Planned } from '../../../kernel/planned.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import type { BankImportRow } from './bank-import-row.entity.js';
import { BankImport } from './bank-import.entity.js';
import {
  BankImportConnection,
  BankImportListArgs,
  BankImportPayload,
  BankImportRowArgs,
  BankImportRowConnection,
  ImportTransactionsInput,
  PreviewImportInput,
  PreviewImportPayload,
  UndoImportInput,
  UndoImportPayload,
} from './bank-import.inputs.js';
import { bankImportReads } from './bank-import.reads.js';
import { type ImportOptions, importTransactions, previewImport } from './import-transactions.js';
import { undoImport } from './undo-import.js';

const payload = payloadOf('bankImport', bankImportReads);

const optionsOf = ({ mapping, ...input }: PreviewImportInput): ImportOptions => {
  const { dateFormat, ...rest } = mapping ?? {};
  return { ...input, mapping: mapping && { ...rest, date_format: dateFormat } };
};

@Resolver(() => BankImport)
export class BankImportResolver {
  @Planned
  @Query(() => BankImportConnection, {
    description: 'Files that were taken into the accounts that the viewer may see.',
  })
  bankImports(
    @Ctx() { viewer, read }: Context,
    @Args(() => BankImportListArgs) args: ListArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<BankImport>> {
    requireSignedIn(viewer);
    return read.list(bankImportReads, args, info);
  }

  @Planned
  @Query(() => BankImport, {
    nullable: true,
    description: 'One import; null when there is none that the viewer may see.',
  })
  async bankImport(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Number of the import.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<BankImport | undefined> {
    requireSignedIn(viewer);
    return read.one(bankImportReads, id, info);
  }

  @Mutation(() => PreviewImportPayload, {
    description: 'Says what each booking of a file would become in an account. Writes nothing.',
  })
  async previewImport(
    @Ctx() ctx: Context,
    @Arg('input', () => PreviewImportInput, { description: 'The file.' }) input: PreviewImportInput,
  ): Promise<PreviewImportPayload> {
    const { mapping, ...preview } = await previewImport(ctx, optionsOf(input));
    const { date_format: dateFormat, ...columns } = mapping ?? {};
    return { ...preview, mapping: mapping && { ...columns, ...(dateFormat !== undefined && { dateFormat }) } };
  }

  @Mutation(() => BankImportPayload, {
    description: 'Takes a file into an account, whole or not at all; what is known already is not made again.',
  })
  async importTransactions(
    @Ctx() ctx: Context,
    @Arg('input', () => ImportTransactionsInput, { description: 'The file.' }) input: ImportTransactionsInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<BankImportPayload> {
    return payload(ctx, await importTransactions(ctx, optionsOf(input)), info);
  }

  @Mutation(() => UndoImportPayload, {
    description: 'Takes an import back, but for the transactions that somebody has touched since.',
  })
  async undoImport(
    @Ctx() ctx: Context,
    @Arg('input', () => UndoImportInput, { description: 'The import.' }) { id }: UndoImportInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<UndoImportPayload> {
    const { removed, kept } = await undoImport(ctx, id);
    return { ...(await payload(ctx, id, info)), removedCount: removed, kept };
  }

  @FieldResolver(() => BankImportRowConnection, { description: 'Its bookings, in the order of the file.' })
  rows(@Args(() => BankImportRowArgs) _args: ConnectionArgs): Connection<BankImportRow> {
    return answeredByReader();
  }
}
