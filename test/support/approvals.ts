import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Person, TestServer } from './harness.js';

export interface Assignment {
  role: string;
  scope?: string;
  maxAmount?: number;
  currency?: string;
  from?: string;
  to?: string;
}

export interface Facts {
  amount?: number;
  currency?: string;
  typeId?: string;
  title?: string;
}

/** What tests of approval do again and again, through the public doors. */
export function approvalDesk(server: TestServer) {
  let files = 0;
  /** Signed anew for the moved clock; an API token as it is. */
  const tokenOf = ({ id, token }: Person): string => {
    const { sid } = token.startsWith('apt_')
      ? {}
      : JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString());
    return sid ? server.services.accessTokens.sign(id, sid, server.services.now()) : token;
  };
  const mutate = async (name: string, type: string, selection: string, input: object, by: Person): Promise<any> => {
    const { data, errors } = await server.graphql(
      `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`,
      { input },
      tokenOf(by),
    );
    if (errors) throw Object.assign(new Error(errors[0].message), errors[0].extensions);
    return data[name];
  };
  const post =
    (action: string) =>
    async (id: number, by: Person, body: object = {}): Promise<{ status: number; json: any }> =>
      server.request('POST', `/kdocs/api/validation/${id}/${action}`, { token: tokenOf(by), json: body });
  return {
    mutate,
    query: (text: string, by: Person): Promise<any> => server.graphql(text, {}, tokenOf(by)),
    /** A person with these approval roles besides reading all documents. */
    validator: async (...assignments: Assignment[]): Promise<Person> => {
      const person = await server.person({ roles: ['consultant'] });
      for (const { role, scope = '*', maxAmount = null, currency = null, from = null, to = null } of assignments) {
        await server.sql(
          `insert into role_assignments (user_id, role_id, scope, max_amount, currency, valid_from, valid_to)
         select ?, id, ?, ?, ?, ?, ? from roles where name = ?`,
          [person.id, scope, maxAmount, currency, from, to, role],
        );
      }
      return person;
    },
    /** Files a document; one without a type has to be submitted. */
    file: async (by: Person, facts: Facts = {}): Promise<number> => {
      const name = `piece-${(files += 1)}.txt`;
      await writeFile(join(server.ingestDir, name), `Pièce ${files}`);
      const { document } = await mutate(
        'ingestDocument',
        'IngestDocumentInput',
        'document { id }',
        { filePath: name, filename: name, ...facts },
        by,
      );
      return Number(document.id);
    },
    edit: (id: number, by: Person, facts: object): Promise<any> =>
      mutate('updateDocument', 'UpdateDocumentInput', 'document { id }', { id, ...facts }, by),
    submit: post('submit'),
    approve: post('approve'),
    reject: post('reject'),
    setStatus: post('status'),
    comment: post('comment'),
    /** Newest first: what happened, to what status, by whom. */
    history: async (id: number, by: Person): Promise<[string, string, number | null][]> =>
      (await server.request('GET', `/kdocs/api/validation/${id}/history`, { token: tokenOf(by) })).json.history.map(
        (step: any) => [step.action, step.to_status, step.performed_by],
      ),
    right: async (
      id: number,
      by: Person,
    ): Promise<{ allowed: boolean; reason: string | null; role: string | null }> => {
      const { data } = await server.graphql(
        `{ document(id: ${id}) { approval { canDecide { allowed reason role } } } }`,
        {},
        tokenOf(by),
      );
      return data.document.approval.canDecide;
    },
    pending: async (by: Person): Promise<number[]> =>
      (await server.request('GET', '/kdocs/api/validation/pending', { token: tokenOf(by) })).json.documents.map(
        ({ id }: { id: number }) => id,
      ),
    approval: async (id: number, by: Person, selection: string): Promise<any> =>
      (await server.graphql(`{ document(id: ${id}) { approval { ${selection} } } }`, {}, tokenOf(by))).data.document
        .approval,
    escalate: () => server.services.jobs.run('approvals.escalate', {}),
    /** The approval events of a document, oldest first. */
    events: (id: number): Promise<{ type: string; data: any; actor_id: number | null }[]> =>
      server.sql(
        `select type, data, actor_id from events
          where subject_type = 'Document' and subject_id = ? and type like 'approval.%' order by id`,
        [String(id)],
      ),
  };
}
