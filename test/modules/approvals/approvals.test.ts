import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { approvalDesk } from '../../support/approvals.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';
import { statementsOf } from '../../support/sql-log.js';

const facture = '1';
const hour = 3_600_000;
const start = new Date('2026-03-10T09:00:00Z');
let now = start;
let server: TestServer;
let desk: ReturnType<typeof approvalDesk>;
let clerk: Person;
let l1: Person;
let l2: Person;
let approver: Person;
const later = (hours: number): void => void (now = new Date(now.getTime() + hours * hour));
const rights = async (id: number, ...people: Person[]): Promise<(string | null)[]> => {
  const found: (string | null)[] = [];
  for (const person of people) {
    const { allowed, reason, role } = await desk.right(id, person);
    found.push(allowed ? role : reason);
  }
  return found;
};

beforeAll(async () => {
  server = await startTestServer({ now: () => now });
  desk = approvalDesk(server);
  clerk = await server.person({ roles: ['manager'] });
  l1 = await desk.validator({ role: 'VALIDATOR_L1' });
  l2 = await desk.validator({ role: 'VALIDATOR_L2' });
  approver = await desk.validator({ role: 'APPROVER' });
});
afterAll(() => server?.stop());

describe('the rules', () => {
  it.each([
    [999.99, 1, 48, ['VALIDATOR_L1', 'VALIDATOR_L2', 'APPROVER', 'admin']],
    [1000, 2, 72, ['LEVEL_TOO_LOW', 'VALIDATOR_L2', 'APPROVER', 'admin']],
    [4999.99, 2, 72, ['LEVEL_TOO_LOW', 'VALIDATOR_L2', 'APPROVER', 'admin']],
    [5000, 3, 96, ['LEVEL_TOO_LOW', 'LEVEL_TOO_LOW', 'APPROVER', 'admin']],
    // An amount that is not known may be any.
    [undefined, 3, 96, ['LEVEL_TOO_LOW', 'LEVEL_TOO_LOW', 'APPROVER', 'admin']],
  ])('an invoice of %s asks for level %i within %i hours as soon as it is filed', async (amount, level, hours, who) => {
    const id = await desk.file(clerk, { typeId: facture, ...(amount !== undefined && { amount }) });
    const deadline = `${new Date(now.getTime() + hours * hour).toISOString().slice(0, 19)}Z`;
    expect(
      await desk.approval(
        id,
        clerk,
        'status level requiredRole deadline rule { documentType { code } hours } submittedBy { username }',
      ),
    ).toEqual({
      status: 'PENDING',
      level,
      requiredRole: ['VALIDATOR_L1', 'VALIDATOR_L2', 'APPROVER'][level - 1],
      deadline,
      rule: { documentType: { code: 'FACTURE' }, hours },
      submittedBy: { username: clerk.username },
    });
    expect(await rights(id, l1, l2, approver, server.admin)).toEqual(who);
    const submitted = (await desk.events(id))[0];
    expect(submitted).toMatchObject({ type: 'approval.submitted', data: { submittedById: clerk.id, level } });
    const people = { VALIDATOR_L1: l1, VALIDATOR_L2: l2, APPROVER: approver, admin: server.admin } as Record<
      string,
      Person
    >;
    expect(submitted?.data.deciderIds.toSorted()).toEqual(who.flatMap((role) => people[role]?.id ?? []).toSorted());
  });

  it('another document enters by hand, for any validator, and submitting twice says nothing twice', async () => {
    const id = await desk.file(clerk, { typeId: '2', amount: 99_999 });
    expect(await desk.approval(id, clerk, 'status').catch(() => null)).toBeNull();
    await desk.submit(id, clerk);
    expect((await desk.submit(id, clerk)).status).toBe(200);
    expect(await desk.approval(id, clerk, 'level requiredRole rule { documentType { code } hours }')).toEqual({
      level: null,
      requiredRole: null,
      rule: { documentType: null, hours: 72 },
    });
    expect(await rights(id, l1, clerk)).toEqual(['VALIDATOR_L1', 'NO_ROLE']);
    expect(await desk.history(id, clerk)).toEqual([['submitted', 'pending', clerk.id]]);
    const reader = await server.person({ roles: ['lecteur'] });
    expect((await desk.submit(id, reader)).status).toBe(403);
  });

  it('are data that an administrator edits; what is pending keeps what it was given', async () => {
    const facts = { documentTypeId: '4', minAmount: 100, currency: 'CHF', level: 2, hours: 5, startsOnCreation: true };
    const selection =
      'approvalRule { id level hours documentType { code } minAmount belowAmount currency startsOnCreation isActive }';
    const create = (input: object, by = server.admin): Promise<any> =>
      desk.mutate('createApprovalRule', 'CreateApprovalRuleInput', selection, input, by);
    const { approvalRule } = await create(facts);
    expect(approvalRule).toMatchObject({
      level: 2,
      hours: 5,
      documentType: { code: 'RH' },
      minAmount: 100,
      belowAmount: null,
      currency: 'CHF',
      startsOnCreation: true,
      isActive: true,
    });
    const id = await desk.file(clerk, { typeId: '4', amount: 100, currency: 'CHF' });
    expect(await desk.approval(id, clerk, 'level')).toEqual({ level: 2 });
    const euros = await desk.file(clerk, { typeId: '4', amount: 100, currency: 'EUR' });
    expect(
      (await desk.query(`{ document(id: ${euros}) { approval { level } } }`, clerk)).data.document.approval,
    ).toBeNull();

    const update = (input: object): Promise<any> =>
      desk.mutate(
        'updateApprovalRule',
        'UpdateApprovalRuleInput',
        selection,
        { id: approvalRule.id, ...input },
        server.admin,
      );
    expect((await update({ level: 3, currency: null })).approvalRule).toMatchObject({
      level: 3,
      currency: null,
      hours: 5,
    });
    expect(await desk.approval(id, clerk, 'level')).toEqual({ level: 2 });
    expect(await desk.approval(await desk.file(clerk, { typeId: '4', amount: 100 }), clerk, 'level')).toEqual({
      level: 3,
    });
    await expect(
      update({ belowAmount: 100, level: 8, hours: 0, documentTypeId: '999', currency: 'eur' }),
    ).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [
        { path: ['input', 'belowAmount'] },
        { path: ['input', 'currency'] },
        { path: ['input', 'hours'] },
        { path: ['input', 'documentTypeId'] },
        { path: ['input', 'level'] },
      ],
    });
    await expect(create({ hours: 0 })).rejects.toMatchObject({
      fields: [{ path: ['input', 'hours'], code: 'too_small' }],
    });
    await expect(create({ hours: 1 }, clerk)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await desk.mutate(
      'deleteApprovalRule',
      'DeleteApprovalRuleInput',
      'deletedId',
      { id: approvalRule.id },
      server.admin,
    );
    expect(await desk.approval(id, clerk, 'status rule { id }')).toEqual({ status: 'PENDING', rule: null });
    const { data } = await desk.query('{ approvalRules { nodes { level } } approvalRule(id: 1) { hours } }', l1);
    expect(data).toEqual({
      approvalRules: { nodes: [{ level: 1 }, { level: 2 }, { level: 3 }, { level: null }] },
      approvalRule: { hours: 48 },
    });
  });
});

describe('who may decide', () => {
  it('scope, ceiling, currency and dates bound a role, each with its reason', async () => {
    const people: [Parameters<typeof desk.validator>[0], string][] = [
      [{ role: 'VALIDATOR_L1', scope: 'CONTRAT' }, 'VALIDATOR_L1'],
      [{ role: 'VALIDATOR_L1', scope: 'FACTURE' }, 'OUT_OF_SCOPE'],
      [{ role: 'VALIDATOR_L1', maxAmount: 500 }, 'VALIDATOR_L1'],
      [{ role: 'VALIDATOR_L1', maxAmount: 499.99 }, 'AMOUNT_TOO_HIGH'],
      [{ role: 'VALIDATOR_L1', maxAmount: 500, currency: 'CHF' }, 'VALIDATOR_L1'],
      [{ role: 'VALIDATOR_L1', maxAmount: 9999, currency: 'EUR' }, 'OTHER_CURRENCY'],
      [{ role: 'VALIDATOR_L1', from: '2026-03-10', to: '2026-03-10' }, 'VALIDATOR_L1'],
      [{ role: 'VALIDATOR_L1', to: '2026-03-09' }, 'NO_ROLE'],
      [{ role: 'VALIDATOR_L1', from: '2026-03-11' }, 'NO_ROLE'],
    ];
    now = start;
    const id = await desk.file(clerk, { typeId: '2', amount: 500, currency: 'CHF' });
    await desk.submit(id, clerk);
    for (const [assignment, expected] of people) {
      const person = await desk.validator(assignment);
      const allowed = expected === 'VALIDATOR_L1';
      expect([assignment, ...(await rights(id, person))]).toEqual([assignment, expected]);
      expect((await desk.pending(person)).includes(id)).toBe(allowed);
      if (!allowed) expect((await desk.approve(id, person)).status).toBe(403);
    }
  });

  it('the last day of a role ends at midnight in the firm, not in UTC', async () => {
    const id = await desk.file(clerk, { amount: 1 });
    await desk.submit(id, clerk);
    const person = await desk.validator({ role: 'VALIDATOR_L1', to: '2026-03-10' });
    now = new Date('2026-03-10T22:59:59Z');
    expect((await desk.right(id, person)).allowed).toBe(true);
    now = new Date('2026-03-10T23:00:00Z');
    expect((await desk.right(id, person)).reason).toBe('NO_ROLE');
    now = start;
  });

  it('an amount without a currency of its own is in the currency of the firm; without an amount no ceiling counts', async () => {
    const euros = await desk.validator({ role: 'VALIDATOR_L1', maxAmount: 10, currency: 'EUR' });
    const bare = await desk.file(clerk, { amount: 10 });
    await server.sql('update documents set currency = null where id = ?', [bare]);
    const none = await desk.file(clerk, {});
    for (const id of [bare, none]) {
      await desk.submit(id, clerk);
      expect(await rights(id, euros)).toEqual(['VALIDATOR_L1']);
    }
  });

  it('of several roles the lowest that suffices is used', async () => {
    const both = await desk.validator({ role: 'APPROVER' }, { role: 'VALIDATOR_L1', maxAmount: 100 });
    const [small, big] = [
      await desk.file(clerk, { typeId: facture, amount: 100 }),
      await desk.file(clerk, { typeId: facture, amount: 101 }),
    ];
    expect((await desk.approve(small, both)).json.role).toBe('VALIDATOR_L1');
    expect((await desk.approve(big, both)).json.role).toBe('APPROVER');
  });

  it('nobody decides what they submitted, nor what they raised the amount of', async () => {
    const [one, two] = [
      await server.person({ roles: ['manager', 'APPROVER'] }),
      await server.person({ roles: ['manager', 'APPROVER'] }),
    ];
    const id = await desk.file(one, { typeId: facture, amount: 10 });
    expect(await rights(id, one, two)).toEqual(['OWN_SUBMISSION', 'APPROVER']);
    const refused = await desk.approve(id, one);
    expect([refused.status, refused.json.message]).toEqual([403, 'Nul ne valide ce que soi-même a soumis ou modifié']);
    await desk.edit(id, two, { amount: 20 });
    expect(await rights(id, one, two, approver)).toEqual(['OWN_SUBMISSION', 'OWN_SUBMISSION', 'APPROVER']);
    expect(await desk.pending(two)).not.toContain(id);
    await desk.edit(id, one, { amount: 15 });
    expect(await rights(id, one, two, approver)).toEqual(['OWN_SUBMISSION', 'OWN_SUBMISSION', 'APPROVER']);
    // An administrator may take out what they submitted, never approve it.
    const own = await desk.file(server.admin, { typeId: facture, amount: 10 });
    expect((await desk.approve(own, server.admin)).status).toBe(403);
    expect((await desk.setStatus(own, server.admin, { status: 'na' })).json).toEqual({
      success: true,
      status: 'na',
      validated_by: server.admin.id,
      role: 'ADMIN',
    });
    expect((await desk.approve(own, l1)).status).toBe(409);
  });

  it('who corrects what somebody else submitted may decide it, whatever was submitted by whom', async () => {
    const corrector = await server.person({ roles: ['manager', 'APPROVER'] });
    const id = await desk.file(clerk, { typeId: facture, amount: 6000 });
    await desk.edit(id, corrector, { amount: 4000, typeId: '2' });
    await desk.edit(id, corrector, { typeId: facture, currency: 'EUR' });
    expect(await rights(id, corrector)).toEqual(['APPROVER']);
    expect((await desk.approve(id, corrector)).json).toMatchObject({ status: 'approved', role: 'APPROVER' });

    // An amount that was not known is no raise; one that is no longer known, or in another currency, is.
    const unknown = await desk.file(clerk, { typeId: facture });
    await desk.edit(unknown, corrector, { amount: 40, currency: 'EUR' });
    expect(await rights(unknown, corrector)).toEqual(['APPROVER']);
    for (const hidden of [{ amount: null }, { currency: 'USD' }]) {
      const other = await desk.file(clerk, { typeId: facture, amount: 10, currency: 'EUR' });
      await desk.edit(other, corrector, hidden);
      await desk.edit(other, approver, { typeId: '2' }).catch(() => undefined);
      expect(await rights(other, corrector)).toEqual(['OWN_SUBMISSION']);
    }
    // Submitted by a colleague, changed by its owner.
    const own = await desk.file(corrector, { amount: 10 });
    await desk.submit(own, clerk);
    expect(await rights(own, corrector)).toEqual(['APPROVER']);
    await desk.edit(own, corrector, { amount: 9 });
    expect(await rights(own, corrector)).toEqual(['OWN_SUBMISSION']);
  });

  it('what was never submitted is, in the name of its owner, by whoever decides it', async () => {
    const boss = await server.person({ roles: ['manager', 'APPROVER'] });
    const decisions = [
      ['approve', {}, 'approved'],
      ['reject', {}, 'rejected'],
      ['setStatus', { status: 'approved' }, 'approved'],
      ['setStatus', { status: 'rejected', comment: '' }, 'rejected'],
    ] as const;
    for (const [move, body, status] of decisions) {
      const id = await desk.file(clerk, { amount: 10 });
      const decided = await desk[move](id, boss, body);
      expect([move, decided.status, decided.json]).toEqual([
        move,
        200,
        { success: true, status, validated_by: boss.id, role: 'APPROVER' },
      ]);
      expect(await desk.history(id, clerk)).toEqual([
        [status, status, boss.id],
        ['submitted', 'pending', clerk.id],
      ]);
      const events = await desk.events(id);
      expect(events.map(({ type, data }) => [type, data.submittedById, data.deciderIds])).toEqual([
        ['approval.submitted', clerk.id, []],
        [`approval.${status}`, clerk.id, []],
      ]);
    }
    // Its owner does not decide it that way, nor who has no right: nothing is left of the attempt.
    const own = await desk.file(boss, { amount: 10 });
    for (const [by, reason] of [
      [boss, 'OWN_SUBMISSION'],
      [clerk, 'NO_ROLE'],
    ] as const) {
      const right = await server.graphql(
        `{ document(id: ${own}) { canDecide { reason } approval { id } } }`,
        {},
        by.token,
      );
      expect(right.data.document).toEqual({ canDecide: { reason }, approval: null });
      expect((await desk.approve(own, by)).status).toBe(403);
      expect(await desk.history(own, clerk)).toEqual([]);
    }
    // At the same moment one of two wins.
    const raced = await desk.file(clerk, { amount: 10 });
    const answers = await Promise.all([desk.approve(raced, boss), desk.reject(raced, approver)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(await desk.history(raced, clerk)).toHaveLength(2);
  });

  it('a token without the scope write reads and decides nothing', async () => {
    const id = await desk.file(clerk, { typeId: facture, amount: 10 });
    const { token } = await desk.mutate(
      'createApiToken',
      'CreateApiTokenInput',
      'token',
      { name: 'lecture', scopes: ['READ'] },
      l1,
    );
    const reading = { ...l1, token };
    expect((await desk.right(id, reading)).allowed).toBe(true);
    expect((await desk.approve(id, reading)).status).toBe(403);
  });

  it('a document in the trash waits: nobody decides it, nobody sees it as pending, it does not escalate', async () => {
    const id = await desk.file(clerk, { typeId: facture, amount: 10 });
    await desk.mutate('trashDocument', 'TrashDocumentInput', 'document { id }', { id }, clerk);
    expect(await desk.pending(l1)).not.toContain(id);
    expect((await desk.approve(id, l1)).status).toBe(404);
    later(49);
    await desk.escalate();
    await desk.mutate('restoreDocument', 'RestoreDocumentInput', 'document { id }', { id }, clerk);
    expect(await desk.approval(id, clerk, 'level')).toEqual({ level: 1 });
    expect(await desk.pending(l1)).toContain(id);
    now = start;
  });
});

describe('a change of a decided document', () => {
  it.each([
    ['amount', { amount: 2000 }, 2],
    ['currency', { currency: 'USD' }, 1],
    ['type', { typeId: '2' }, null],
  ])('of its %s sends it back to pending under the rule that fits now', async (_what, change, level) => {
    const id = await desk.file(clerk, { typeId: facture, amount: 10 });
    await desk.approve(id, l1);
    await desk.edit(id, clerk, { title: 'Autre titre', amount: 10, typeId: facture });
    expect(await desk.approval(id, clerk, 'status')).toEqual({ status: 'APPROVED' });
    await desk.edit(id, clerk, change);
    expect(await desk.approval(id, clerk, 'status level decidedAt decidedBy { id } comment')).toEqual({
      status: 'PENDING',
      level,
      decidedAt: null,
      decidedBy: null,
      comment: null,
    });
    expect(await desk.history(id, clerk)).toEqual([
      ['reopened', 'pending', clerk.id],
      ['approved', 'approved', l1.id],
      ['submitted', 'pending', clerk.id],
    ]);
    expect((await desk.events(id)).at(-1)).toMatchObject({
      type: 'approval.reopened',
      data: { level, deciderIds: expect.arrayContaining([l2.id]) },
    });
  });

  it('of its file as well, also back to a former one, and whoever changed it cannot decide it', async () => {
    const id = await desk.file(clerk, { typeId: facture, amount: 10 });
    await desk.approve(id, l1);
    const body = new FormData();
    body.append('file', new Blob(['Une autre pièce']), 'autre.txt');
    expect((await server.request('PUT', `/kdocs/api/documents/${id}/file`, { token: clerk.token, body })).status).toBe(
      200,
    );
    expect(await desk.approval(id, clerk, 'status level')).toEqual({ status: 'PENDING', level: 1 });
    expect((await desk.approve(id, clerk)).status).toBe(403);
    expect((await desk.approve(id, l1)).status).toBe(200);
    await desk.mutate(
      'restoreDocumentVersion',
      'RestoreDocumentVersionInput',
      'document { version }',
      { id, number: 1 },
      clerk,
    );
    expect(await desk.approval(id, clerk, 'status')).toEqual({ status: 'PENDING' });
  });

  it('in bulk too, and one that is pending or taken out is measured anew', async () => {
    const [approved, pending, out] = [
      await desk.file(clerk, { typeId: facture, amount: 1 }),
      await desk.file(clerk, { typeId: facture, amount: 2 }),
      await desk.file(clerk, { typeId: facture, amount: 3 }),
    ];
    await desk.approve(approved, l1);
    await desk.setStatus(out, l1, { status: 'na' });
    await desk.edit(pending, clerk, { amount: 7000 });
    expect(await desk.approval(pending, clerk, 'level')).toEqual({ level: 3 });
    await desk.mutate(
      'bulkEditDocuments',
      'BulkEditDocumentsInput',
      'changedCount',
      { ids: [approved, pending, out], typeId: '2' },
      clerk,
    );
    for (const id of [approved, pending, out])
      expect(await desk.approval(id, clerk, 'status level')).toEqual({ status: 'PENDING', level: null });
  });
});

describe('escalation', () => {
  it('asks the next level after each missed deadline, once, and the highest one a last time', async () => {
    now = start;
    const id = await desk.file(clerk, { typeId: facture, amount: 10 });
    later(47.9);
    await desk.escalate();
    expect(await desk.approval(id, clerk, 'level')).toEqual({ level: 1 });
    const levels: unknown[] = [];
    for (const hours of [0.1, 72, 96, 96, 1000]) {
      later(hours);
      await Promise.all([desk.escalate(), desk.escalate()]);
      const { level, deadline } = await desk.approval(id, clerk, 'level deadline');
      levels.push([level, (Date.parse(deadline) - now.getTime()) / hour]);
    }
    // No rule is for level 4: it has the time of the document's own rule.
    expect(levels).toEqual([
      [2, 72],
      [3, 96],
      [4, 48],
      [4, -48],
      [4, -1048],
    ]);
    expect(await desk.history(id, clerk)).toEqual([
      ...Array.from({ length: 4 }, () => ['escalated', 'pending', null]),
      ['submitted', 'pending', clerk.id],
    ]);
    const told = (await desk.events(id)).filter(({ type }) => type === 'approval.escalated');
    expect(
      told.map(({ data, actor_id }) => [
        data.level,
        actor_id,
        data.deciderIds.includes(l2.id),
        data.deciderIds.includes(server.admin.id),
      ]),
    ).toEqual([
      [2, null, true, true],
      [3, null, false, true],
      [4, null, false, true],
      [4, null, false, true],
    ]);
    expect(await rights(id, l1, approver, server.admin)).toEqual(['LEVEL_TOO_LOW', 'LEVEL_TOO_LOW', 'admin']);
    expect((await desk.approve(id, server.admin)).status).toBe(200);
    now = start;
  });

  it('is planned every minute', async () => {
    expect(await server.sql(`select cron from pgboss.schedule where name = 'approvals.escalate'`)).toEqual([
      { cron: '* * * * *' },
    ]);
  });
});

describe('delegation', () => {
  const lend = (input: object, by: Person): Promise<any> =>
    desk.mutate(
      'delegateApprovals',
      'DelegateApprovalsInput',
      'approvalDelegation { id from { username } to { username } validFrom validTo revokedAt }',
      input,
      by,
    );

  it('is to people whom one knows: those one shares documents with', async () => {
    const [owner, friend, stranger] = [await server.person(), await server.person(), await server.person()];
    await server.sql(
      `with d as (insert into documents (title, filename, original_filename, content_key, content_hash, file_size, mime_type, owner_id) values ('Shared', 'f', 'f', 'k', repeat('e', 64), 1, 'x/y', ?) returning id)
      insert into document_shares select id, ? from d`,
      [owner.id, friend.id],
    );
    const lendTo = (by: Person, { id }: Person) =>
      server.graphql(
        'mutation ($input: DelegateApprovalsInput!) { delegateApprovals(input: $input) { approvalDelegation { to { id } } } }',
        { input: { toId: id, validFrom: '2026-03-11', validTo: '2026-03-12' } },
        by.token,
      );
    expect((await lendTo(owner, friend)).data.delegateApprovals.approvalDelegation.to.id).toBe(String(friend.id));
    expect((await lendTo(friend, owner)).data.delegateApprovals.approvalDelegation.to.id).toBe(String(owner.id));
    expect((await lendTo(owner, stranger)).errors?.[0].extensions.fields).toMatchObject([
      { path: ['input', 'toId'], code: 'unknown_reference' },
    ]);
  });

  it('lends the right for its days, both included, and no further', async () => {
    const [boss, deputy, third] = [
      await desk.validator({ role: 'APPROVER', maxAmount: 9000 }),
      await server.person({ roles: ['consultant'] }),
      await server.person({ roles: ['consultant'] }),
    ];
    const { approvalDelegation } = await lend(
      { toId: deputy.id, validFrom: '2026-03-11', validTo: '2026-03-12' },
      boss,
    );
    expect(approvalDelegation).toMatchObject({
      from: { username: boss.username },
      to: { username: deputy.username },
      validFrom: '2026-03-11',
      validTo: '2026-03-12',
      revokedAt: null,
    });
    await lend({ toId: third.id, validFrom: '2026-03-11', validTo: '2026-03-12' }, deputy);
    const id = await desk.file(clerk, { typeId: facture, amount: 6000 });
    const seen: unknown[] = [];
    for (const day of ['2026-03-10', '2026-03-11', '2026-03-12', '2026-03-13']) {
      now = new Date(`${day}T12:00:00Z`);
      seen.push([day, ...(await rights(id, deputy, third)), (await desk.pending(deputy)).includes(id)]);
    }
    expect(seen).toEqual([
      ['2026-03-10', 'NO_ROLE', 'NO_ROLE', false],
      ['2026-03-11', 'APPROVER', 'NO_ROLE', true],
      ['2026-03-12', 'APPROVER', 'NO_ROLE', true],
      ['2026-03-13', 'NO_ROLE', 'NO_ROLE', false],
    ]);
    now = new Date('2026-03-11T12:00:00Z');
    const tooBig = await desk.file(clerk, { typeId: facture, amount: 9001 });
    expect(await rights(tooBig, deputy)).toEqual(['AMOUNT_TOO_HIGH']);
    expect((await desk.approval(id, deputy, 'canDecide { delegatedById }')).canDecide.delegatedById).toBe(
      String(boss.id),
    );
    expect((await desk.approve(id, deputy)).json).toMatchObject({
      status: 'approved',
      validated_by: deputy.id,
      role: 'APPROVER',
    });

    await desk.mutate(
      'revokeApprovalDelegation',
      'RevokeApprovalDelegationInput',
      'approvalDelegation { revokedAt }',
      { id: approvalDelegation.id },
      boss,
    );
    expect(await rights(tooBig, deputy)).toEqual(['NO_ROLE']);
    now = start;
  });

  it('does not get around four eyes from either side, nor outlive the person who lent', async () => {
    const boss = await server.person({ roles: ['manager', 'APPROVER'] });
    const deputy = await server.person({ roles: ['manager'] });
    await lend({ toId: deputy.id, validFrom: '2026-03-10', validTo: '2026-03-10' }, boss);
    const [byBoss, byDeputy, byClerk] = [
      await desk.file(boss, { typeId: facture, amount: 1 }),
      await desk.file(deputy, { typeId: facture, amount: 1 }),
      await desk.file(clerk, { typeId: facture, amount: 1 }),
    ];
    expect(await Promise.all([byBoss, byDeputy, byClerk].map(async (id) => (await rights(id, deputy))[0]))).toEqual([
      'OWN_SUBMISSION',
      'OWN_SUBMISSION',
      'APPROVER',
    ]);
    await server.sql('update users set is_active = false where id = ?', [boss.id]);
    expect(await rights(byClerk, deputy)).toEqual(['NO_ROLE']);
  });

  it('is private to the two, made and ended in person, and checked', async () => {
    const [boss, deputy, stranger] = [
      await desk.validator({ role: 'APPROVER' }),
      await desk.validator(),
      await desk.validator(),
    ];
    const {
      approvalDelegation: { id },
    } = await lend({ toId: deputy.id, validFrom: '2026-03-10', validTo: '2026-03-20' }, boss);
    const listed = async (by: Person): Promise<number> =>
      (await desk.query(`{ approvalDelegations(filter: { fromId: ${boss.id} }) { totalCount } }`, by)).data
        .approvalDelegations.totalCount;
    expect([await listed(boss), await listed(deputy), await listed(stranger), await listed(server.admin)]).toEqual([
      1, 1, 0, 1,
    ]);
    const revoke = (by: Person): Promise<any> =>
      desk.mutate('revokeApprovalDelegation', 'RevokeApprovalDelegationInput', 'approvalDelegation { id }', { id }, by);
    await expect(revoke(stranger)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(revoke(deputy)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await revoke(server.admin);
    await expect(revoke(boss)).rejects.toMatchObject({ code: 'CONFLICT' });
    const dates = { validFrom: '2026-03-10', validTo: '2026-03-10' };
    await expect(lend({ toId: boss.id, validFrom: '2026-03-10', validTo: '2026-03-09' }, boss)).rejects.toMatchObject({
      fields: [{ path: ['input', 'validTo'] }, { path: ['input', 'toId'] }],
    });
    await expect(lend({ toId: 999_999, ...dates }, boss)).rejects.toMatchObject({
      fields: [{ path: ['input', 'toId'], code: 'unknown_reference' }],
    });
    await expect(lend({ toId: stranger.id, fromId: boss.id, ...dates }, deputy)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(
      (await lend({ toId: stranger.id, fromId: boss.id, ...dates }, server.admin)).approvalDelegation.from.username,
    ).toBe(boss.username);
  });
});

describe('the graph', () => {
  it('joins documents, approvals, rules, validators, history and pending decisions, one statement a level', async () => {
    for (let i = 0; i < 6; i += 1) await desk.file(clerk, { typeId: facture, amount: 10 + i });
    const query = (first: number): string => `{ documents(first: ${first}) { nodes { id approval {
      status rule { hours documentType { code } } submittedBy { username } canDecide { allowed reason role maxAmount }
      validators { username } history { nodes { action performedBy { username } performedByUsername } } } } } }`;
    const count = async (first: number): Promise<[number, number]> => {
      // The same one on an embedded database.
      const runners = new Set([server.db.client, server.db.shortReads]);
      const all = [...runners].map((runner) => vi.spyOn(runner, 'all'));
      const read = await statementsOf(server, async () =>
        expect((await desk.query(query(first), l1)).errors).toBeUndefined(),
      );
      const texts = all.flatMap((spy) => spy.mock.calls.map(([{ strings }]) => strings.join('')));
      for (const spy of all) spy.mockRestore();
      return [
        read.length,
        texts.filter((text) => /approvals|approval_delegations|select id, username/.test(text)).length,
      ];
    };
    // Documents with approval, rule and submitter; history; validators. Beside them: standings, deciders, user names.
    expect([await count(2), await count(20)]).toEqual([
      [3, 3],
      [3, 3],
    ]);
    const { data } = await desk.query(query(1), l1);
    expect(data.documents.nodes[0].approval).toMatchObject({
      status: 'PENDING',
      rule: { hours: 48, documentType: { code: 'FACTURE' } },
      canDecide: { allowed: true, reason: null, role: 'VALIDATOR_L1', maxAmount: null },
      history: {
        nodes: [
          { action: 'SUBMITTED', performedBy: { username: clerk.username }, performedByUsername: clerk.username },
        ],
      },
    });
    const names = data.documents.nodes[0].approval.validators.map((v: any) => v.username);
    expect(names).toEqual(expect.arrayContaining([l1.username, l2.username, approver.username, server.admin.username]));
    expect(names).not.toContain(clerk.username);
  });

  it('lists all that waits and the viewer may see, with why it is not theirs, in as many statements for many', async () => {
    const small = await desk.validator({ role: 'VALIDATOR_L1', maxAmount: 100 });
    const cheap = await desk.file(clerk, { typeId: '1', amount: 50 });
    const dear = await desk.file(clerk, { typeId: '1', amount: 500 });
    const own = await desk.file(small, { typeId: '1', amount: 50 });
    const read = async (by: Person): Promise<Map<string, any>> => {
      const { data } = await desk.query(
        `{ pendingApprovals(ofAll: true, first: 100) { totalCount nodes { id canDecide { allowed reason }
             validators { id } document { title } } } }`,
        by,
      );
      expect(data.pendingApprovals.totalCount).toBe(data.pendingApprovals.nodes.length);
      return new Map(data.pendingApprovals.nodes.map((node: any) => [node.id, node.canDecide]));
    };
    const seen = await read(small);
    expect(seen.get(String(cheap))).toEqual({ allowed: true, reason: null });
    expect(seen.get(String(dear))).toEqual({ allowed: false, reason: 'AMOUNT_TOO_HIGH' });
    expect(seen.get(String(own))).toEqual({ allowed: false, reason: 'OWN_SUBMISSION' });
    // Whoever sees only their own documents sees only what waits of those.
    const stranger = await server.person();
    expect(await read(stranger)).toEqual(new Map());
    const mine = (await desk.query('{ pendingApprovals(first: 100) { nodes { id } } }', small)).data.pendingApprovals;
    expect(mine.nodes.map(({ id }: any) => id)).not.toContain(String(dear));
    const { errors } = await desk.query(`{ pendingApprovals(ofAll: true, userId: ${small.id}) { totalCount } }`, small);
    expect(errors[0].extensions.code).toBe('BAD_USER_INPUT');
    const countOf = async (first: number): Promise<number> => {
      const query = `{ pendingApprovals(ofAll: true, first: ${first}) { nodes {
        id canDecide { reason } validators { id } document { title } } } }`;
      const headers = { 'x-graphql-sql': 'include' };
      const { json } = await server.request('POST', '/graphql', {
        token: server.admin.token,
        headers,
        json: { query },
      });
      expect(json.data.pendingApprovals.nodes.length).toBeGreaterThanOrEqual(Math.min(first, 3));
      return json.extensions.sql.statements.length;
    };
    expect(await countOf(50)).toBe(await countOf(1));
  });

  it("shows a person's pending decisions to that person and to administrators only", async () => {
    const own = await desk.validator({ role: 'VALIDATOR_L1', scope: 'CORRESPONDANCE' });
    const id = await desk.file(clerk, { typeId: '3' });
    await desk.submit(id, clerk);
    const read = async (by: Person): Promise<any> =>
      await desk.query(
        `{ user(id: ${own.id}) { pendingApprovals { id } } pendingApprovals(userId: ${own.id}) { totalCount nodes { document { id } } } }`,
        by,
      );
    for (const by of [own, server.admin]) {
      expect((await read(by)).data).toEqual({
        user: { pendingApprovals: [{ id: String(id) }] },
        pendingApprovals: { totalCount: 1, nodes: [{ document: { id: String(id) } }] },
      });
    }
    expect((await read(l1)).errors[0].extensions.code).toBe('NOT_FOUND');
    expect(
      (await desk.query(`{ user(id: ${own.id}) { pendingApprovals { id } } }`, l1)).data.user.pendingApprovals,
    ).toEqual([]);
  });
});
