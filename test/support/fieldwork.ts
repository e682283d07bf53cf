import type { Person, TestServer } from './harness.js';

/** A client of the firm, made straight in the database. */
export async function makeClient(server: TestServer, name = 'Dupont'): Promise<string> {
  const [row] = await server.sql(
    `insert into clients (name, email, phone) values (?, ?, '+33 1 02 03 04 05') returning id`,
    [name, `${name.toLowerCase()}-${(made += 1)}@example.org`],
  );
  return row.id;
}
let made = 0;

/** An intervention by the graph. Returns its id. */
export async function makeIntervention(
  server: TestServer,
  { token }: Person,
  input: { clientId: string } & Record<string, unknown>,
): Promise<string> {
  const { data, errors } = await server.graphql(
    'mutation ($input: CreateInterventionInput!) { createIntervention(input: $input) { intervention { id } } }',
    { input: { scheduledAt: '2026-02-03T10:00:00Z', kind: 'INSPECTION', ...input } },
    token,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.createIntervention.intervention.id;
}
