import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalDesk } from '../../support/approvals.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

const facture = '1';
let now = new Date('2026-03-10T09:00:00Z');
let server: TestServer;
let desk: ReturnType<typeof approvalDesk>;
let clerk: Person;
let validators: Person[];

beforeAll(async () => {
  server = await startTestServer({ now: () => now, env: { APPROVAL_REJECTION_COMMENT: 'required' } });
  desk = approvalDesk(server);
  clerk = await server.person({ roles: ['manager'] });
  validators = await Promise.all(Array.from({ length: 20 }, () => desk.validator({ role: 'VALIDATOR_L1' })));
});
afterAll(() => server?.stop());

it('a firm may ask why something is rejected', async () => {
  const id = await desk.file(clerk, { typeId: facture, amount: 10 });
  const [validator] = validators as [Person];
  for (const bare of [await desk.reject(id, validator), await desk.setStatus(id, validator, { status: 'rejected' })])
    expect([bare.status, bare.json]).toEqual([
      400,
      { error: true, message: 'Données invalides', errors: { comment: ['Ce champ est obligatoire'] } },
    ]);
  expect((await desk.reject(id, validator, { comment: 'Information manquante' })).status).toBe(200);
});

describe('at the same moment', () => {
  it('of twenty decisions exactly one wins; the others are told that it is decided', async () => {
    for (let round = 0; round < 2; round += 1) {
      const id = await desk.file(clerk, { typeId: facture, amount: 10 });
      const answers = await Promise.all(
        validators.map((by, i) =>
          i % 2 ? desk.approve(id, by) : desk.reject(id, by, { comment: `Non de ${by.username}` }),
        ),
      );
      const won = answers.flatMap(({ status, json }) => (status === 200 ? [json] : []));
      expect(won).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
      const { status, validated_by: decidedBy } = won[0];
      expect(await desk.history(id, clerk)).toEqual([
        [status, status, decidedBy],
        ['submitted', 'pending', clerk.id],
      ]);
      const told = (await desk.events(id)).slice(1);
      expect(told.map(({ type, actor_id, data }) => [type, actor_id, data.deciderIds])).toEqual([
        [`approval.${status}`, decidedBy, []],
      ]);
      expect((await desk.approval(id, clerk, 'decidedBy { id }')).decidedBy.id).toBe(String(decidedBy));
    }
  });

  it('of twenty submissions one enters the document', async () => {
    const id = await desk.file(clerk, { amount: 10 });
    const answers = await Promise.all(validators.map((by) => desk.submit(id, by)));
    expect(answers.map(({ status }) => status)).toEqual(validators.map(() => 200));
    expect(await desk.history(id, clerk)).toEqual([['submitted', 'pending', expect.any(Number)]]);
  });

  it('a change and its approval never leave an amount approved that nobody saw', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await desk.file(clerk, { typeId: facture, amount: 10 });
      const by = validators[round] as Person;
      const [, decided] = await Promise.all([desk.edit(id, clerk, { amount: 900 + round }), desk.approve(id, by)]);
      // Either it was approved and sent back, or measured anew and then approved.
      const history = (await desk.history(id, clerk)).map(([action]) => action);
      const { status, amount } = await desk.approval(id, clerk, 'status amount');
      expect([decided.status, amount, status, history]).toEqual([
        200,
        900 + round,
        ...(history[0] === 'reopened'
          ? ['PENDING', ['reopened', 'approved', 'submitted']]
          : ['APPROVED', ['approved', 'reopened', 'submitted']]),
      ]);
    }
  });

  it('several processes that escalate share the overdue documents', async () => {
    const ids = await Promise.all(Array.from({ length: 60 }, () => desk.file(clerk, { typeId: facture, amount: 10 })));
    now = new Date(now.getTime() + 48 * 3_600_000);
    await Promise.all(Array.from({ length: 6 }, () => desk.escalate()));
    const steps = await server.sql(
      `select approval_id, count(*)::int as n from approval_history where action = 'escalated' group by 1`,
    );
    expect(steps.filter(({ approval_id }) => ids.includes(approval_id)).map(({ n }) => n)).toEqual(ids.map(() => 1));
    const levels = await server.sql('select distinct level from approvals where id = any(?::int[])', [`{${ids}}`]);
    expect(levels).toEqual([{ level: 2 }]);
  });
});
