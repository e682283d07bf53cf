import { Args, Ctx, Extensions, Field, FieldResolver, ID, ObjectType, Resolver, Root } from 'type-graphql';
import { type Connection, ConnectionArgs, connectionType, maxPageSize } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { DateTime } from '../../../kernel/scalars.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { Document } from '../files/document.entity.js';
import type { HistoryEntry } from './document-history.js';

@ObjectType({
  simpleResolvers: true,
  description: 'Something that happened to a document, as those who see the document may know it.',
})
class DocumentHistoryEntry {
  @Field(() => ID, { description: 'Number of the event.' })
  id!: string;

  @Field(() => String, { description: 'What happened, such as `document.updated`.' })
  type!: string;

  @Field(() => DateTime, { description: 'When.' })
  occurredAt!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Name of who did it; null for the server itself and for people without an account.',
  })
  actorName!: string | null;

  @Field(() => [String], { description: 'Names of the changed fields; custom fields as `fields.<name>`.' })
  fields!: string[];
}

const DocumentHistoryConnection = connectionType('DocumentHistoryEntry', () => DocumentHistoryEntry);

@Resolver(() => Document)
export class DocumentHistoryResolver {
  @FieldResolver(() => DocumentHistoryConnection, { description: 'What happened to it, newest first.' })
  @Extensions({ needs: ['id'] })
  async history(
    @Root() { id }: Document,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() { load }: Context,
  ): Promise<Connection<HistoryEntry>> {
    const { first, offset, before } = checked(args);
    const entries = await load.documentHistory.load({ documentId: id, limit: first + 1, offset, before });
    const nodes = entries.slice(0, first);
    const cursorOf = (entry: HistoryEntry | undefined): string | null => entry?.id ?? null;
    return {
      nodes,
      edges: nodes.map((node) => ({ node, cursor: node.id })),
      pageInfo: {
        hasNextPage: entries.length > first,
        hasPreviousPage: offset > 0 || before !== null,
        startCursor: cursorOf(nodes[0]),
        endCursor: cursorOf(nodes.at(-1)),
      },
      // Asked only by the field's resolver, which calls what it finds.
      totalCount: (() => load.documentEvents.load(id)) as unknown as number,
    };
  }
}

function checked({ first, after, offset }: ConnectionArgs): { first: number; offset: number; before: string | null } {
  const problems: FieldProblem[] = [];
  if (first < 0 || first > maxPageSize)
    problems.push({
      path: ['first'],
      code: first < 0 ? 'too_small' : 'too_large',
      message: `must be between 0 and ${maxPageSize}`,
    });
  if (offset != null && offset < 0)
    problems.push({ path: ['offset'], code: 'too_small', message: 'must be 0 or more' });
  if (after && !/^\d{1,18}$/.test(after))
    problems.push({ path: ['after'], code: 'invalid', message: 'is no cursor of this list' });
  if (problems.length) throw badInput(problems);
  return { first, offset: offset ?? 0, before: after || null };
}
