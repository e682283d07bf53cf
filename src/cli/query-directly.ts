import { type DocumentNode, getOperationAST, parse, type GraphQLError, validate } from 'graphql';
import { openGraph } from '../app/graph.js';
import { sql } from '../db/sql.js';
import type { SignedIn } from '../kernel/viewer.js';
import { viewerOfPerson } from '../modules/identity/people/viewer-of-person.js';
import { type Direct, directly, type DirectOptions } from './direct.js';
import { refused, wrongUsage } from './exit-codes.js';
import type { GraphqlAnswer } from './remote.js';

/** Runs a query or a mutation on the database itself, as a person. */
export const queryDirectly = (
  text: string,
  variables: Record<string, unknown>,
  { as, ...options }: DirectOptions & { as: string },
): Promise<GraphqlAnswer> =>
  directly(options, async (direct) => {
    const viewer = await personNamed(direct, as);
    const graph = openGraph(direct);
    direct.eventPayloads.serve(graph, direct.makeContext.forViewer);
    const schema = graph.live.current;
    const document = parsed(text);
    const invalid = validate(schema, document);
    if (invalid.length > 0) return answerOf({ errors: invalid });
    const operation = getOperationAST(document);
    if (!operation) throw wrongUsage('One operation, please: there is none, or there are several');
    if (operation.operation === 'subscription') throw wrongUsage('"passerelle listen" prints what happens');
    return answerOf(await graph.execute.values({ schema, document, variables, context: direct.contextOf(viewer) }));
  });

function parsed(text: string): DocumentNode {
  try {
    return parse(text);
  } catch (error) {
    throw wrongUsage(`The operation cannot be read: ${(error as Error).message}`);
  }
}

/** As it would come over HTTP. */
const answerOf = ({ data, errors }: { data?: unknown; errors?: readonly GraphQLError[] }): GraphqlAnswer => ({
  ...(errors?.length && {
    errors: errors.map((error) => error.toJSON()) as unknown as NonNullable<GraphqlAnswer['errors']>,
  }),
  ...(data !== undefined && { data: data as GraphqlAnswer['data'] as Record<string, unknown> | null }),
});

async function personNamed({ database }: Direct, name: string): Promise<SignedIn> {
  const person = await database.client.first<{ id: number }>(sql`
    select id from users where lower(username) = lower(${name}) or lower(email) = lower(${name}) order by id limit 1`);
  const viewer = person && (await viewerOfPerson(database.client, person.id));
  if (!viewer) throw refused(`There is no active person called ${name}`);
  return viewer;
}
