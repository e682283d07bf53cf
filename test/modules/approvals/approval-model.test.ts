import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { approvalDesk } from '../../support/approvals.js';
import { type Person, startTestServer, type TestServer } from '../../support/harness.js';

/**
 * Random people make random moves with one invoice; after each move the server and a small model of the decisions
 * (DECISIONS.md, section 5) must agree on the answer, the status, the history, and on who may decide.
 */
const hourMs = 3_600_000;
const names = ['clerk', 'l1', 'l2', 'approver'] as const;
type Name = (typeof names)[number];
const roles: Record<Name, { role: string; level: number; max: number } | undefined> = {
  clerk: undefined,
  l1: { role: 'VALIDATOR_L1', level: 1, max: 800 },
  l2: { role: 'VALIDATOR_L2', level: 2, max: Infinity },
  approver: { role: 'APPROVER', level: 3, max: Infinity },
};

type Move =
  | { kind: 'submit' | 'approve' | 'reject' | 'comment'; by: Name }
  | { kind: 'edit'; by: Name; amount: number }
  | { kind: 'delegate'; by: Name; to: Name }
  | { kind: 'wait'; days: number };

const anyone = fc.constantFrom(...names);
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'submit' as const,
        'approve' as const,
        'approve' as const,
        'reject' as const,
        'comment' as const,
      ),
      by: anyone,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      by: anyone,
      amount: fc.constantFrom(500, 900, 1000, 5000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delegate' as const), by: anyone, to: anyone }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), days: fc.constantFrom(1, 2, 3, 4) }) },
);

const demandOf = (amount: number): { level: number; hours: number } =>
  amount < 1000 ? { level: 1, hours: 48 } : amount < 5000 ? { level: 2, hours: 72 } : { level: 3, hours: 96 };
const hoursOfLevel: Record<number, number> = { 1: 48, 2: 72, 3: 96 };

class Model {
  status = 'pending';
  level = 0;
  deadline = 0;
  isLastCallOver = false;
  submitter: Name = 'clerk';
  /** Who changed it as its owner, or raised its amount, since it was submitted. */
  barred = new Set<Name>();
  history: string[] = [];
  delegations: { from: Name; to: Name; firstMs: number; lastMs: number }[] = [];

  constructor(
    public amount: number,
    public nowMs: number,
  ) {
    this.#enter('submitted');
  }

  #enter(action: string): void {
    const { level, hours } = demandOf(this.amount);
    Object.assign(this, { status: 'pending', level, deadline: this.nowMs + hours * hourMs, isLastCallOver: false });
    this.history.unshift(action);
  }

  mayDecide(person: Name): boolean {
    const lenders = this.delegations
      .filter(({ to, firstMs, lastMs }) => to === person && firstMs <= this.nowMs && this.nowMs <= lastMs)
      .map(({ from }) => from);
    return (
      this.status === 'pending' &&
      [person, ...lenders].some((holder) => {
        const right = roles[holder];
        const isOwn = [this.submitter, ...this.barred].some((name) => name === person || name === holder);
        return right !== undefined && right.level >= this.level && this.amount <= right.max && !isOwn;
      })
    );
  }

  /** Answers the HTTP status that the move must have. */
  make(made: Move): number {
    switch (made.kind) {
      case 'submit':
        if (this.status === 'pending') return 200;
        this.submitter = made.by;
        this.barred.clear();
        this.#enter('reopened');
        return 200;
      case 'approve':
      case 'reject':
        if (this.status !== 'pending') return 409;
        if (!this.mayDecide(made.by)) return 403;
        this.status = made.kind === 'approve' ? 'approved' : 'rejected';
        this.history.unshift(this.status);
        return 200;
      case 'comment':
        this.history.unshift('commented');
        return 201;
      case 'edit':
        if (made.amount === this.amount) return 200;
        if (made.amount > this.amount || made.by === 'clerk') this.barred.add(made.by);
        this.amount = made.amount;
        this.#enter('reopened');
        return 200;
      case 'delegate':
        if (made.by === made.to) return 400;
        // Today and tomorrow; the clock stands at noon.
        this.delegations.push({ from: made.by, to: made.to, firstMs: this.nowMs, lastMs: this.nowMs + 24 * hourMs });
        return 200;
      case 'wait':
        this.nowMs += made.days * 24 * hourMs;
        if (this.status !== 'pending' || this.isLastCallOver || this.deadline > this.nowMs) return 200;
        if (this.level === 4) this.isLastCallOver = true;
        else {
          this.level += 1;
          this.deadline = this.nowMs + (hoursOfLevel[this.level] ?? demandOf(this.amount).hours) * hourMs;
        }
        this.history.unshift('escalated');
        return 200;
    }
  }
}

let server: TestServer;
let desk: ReturnType<typeof approvalDesk>;
let now = new Date('2026-01-12T12:00:00Z');
const people = {} as Record<Name, Person>;

beforeAll(async () => {
  server = await startTestServer({ now: () => now });
  desk = approvalDesk(server);
  for (const name of names) {
    people[name] = await server.person({ roles: ['manager'] });
    const right = roles[name];
    if (right) {
      await server.sql(
        'insert into role_assignments (user_id, role_id, max_amount) select ?, id, ? from roles where name = ?',
        [people[name].id, Number.isFinite(right.max) ? right.max : null, right.role],
      );
    }
  }
});
afterAll(() => server?.stop());

const codes: Record<string, number> = { BAD_USER_INPUT: 400, FORBIDDEN: 403, NOT_FOUND: 404, CONFLICT: 409 };

async function make(id: number, made: Move): Promise<number> {
  switch (made.kind) {
    case 'wait':
      now = new Date(now.getTime() + made.days * 24 * hourMs);
      await desk.escalate();
      return 200;
    case 'edit':
      await desk.edit(id, people[made.by], { amount: made.amount });
      return 200;
    case 'delegate': {
      const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10);
      const input = {
        toId: people[made.to].id,
        validFrom: dayOf(now),
        validTo: dayOf(new Date(now.getTime() + 24 * hourMs)),
      };
      const outcome = desk.mutate(
        'delegateApprovals',
        'DelegateApprovalsInput',
        'approvalDelegation { id }',
        input,
        people[made.by],
      );
      return outcome.then(
        () => 200,
        ({ code }: { code: string }) => codes[code] ?? 500,
      );
    }
    default:
      return (await desk[made.kind](id, people[made.by], { comment: 'dit' })).status;
  }
}

test('whatever people do, status, history and rights follow the decisions', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(500, 1500, 6000),
      fc.array(move, { minLength: 4, maxLength: 14 }),
      async (amount, moves) => {
        await server.sql('delete from approval_delegations');
        const model = new Model(amount, now.getTime());
        const id = await desk.file(people.clerk, { typeId: '1', amount });
        for (const made of moves) {
          expect([made, await make(id, made)]).toEqual([made, model.make(made)]);
          const { status, level, history } = await desk.approval(
            id,
            people.clerk,
            'status level history { nodes { action } }',
          );
          expect([status, level, history.nodes.map(({ action }: { action: string }) => action)]).toEqual([
            model.status.toUpperCase(),
            model.level,
            model.history.map((action) => action.toUpperCase()),
          ]);
          const allowed = await Promise.all(names.map(async (name) => (await desk.right(id, people[name])).allowed));
          expect([made, allowed]).toEqual([made, names.map((name) => model.mayDecide(name))]);
        }
        const pending = await Promise.all(names.map(async (name) => (await desk.pending(people[name])).includes(id)));
        expect(pending).toEqual(names.map((name) => model.mayDecide(name)));
        await server.sql('delete from approvals where id = ?', [id]);
      },
    ),
    { seed: 20260127, numRuns: 15, interruptAfterTimeLimit: 12_000 },
  );
}, 120_000);
