import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FairTurns, TurnRefused } from '../../src/lib/fair-turns.js';

test('who has one thing waiting comes after one of those who have many', async () => {
  const turns = new FairTurns({ atOnce: 1 });
  const done: string[] = [];
  const take = (owner: string, name: string) =>
    turns.take(owner, async () => {
      await setImmediate();
      done.push(name);
    });
  await Promise.all([...['a1', 'a2', 'a3', 'a4'].map((name) => take('a', name)), take('b', 'b1'), take('c', 'c1')]);
  expect(done).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'a4']);
});

test('what is more than may wait is refused, and what fails gives its turn on', async () => {
  const turns = new FairTurns({ atOnce: 1, eachWaiting: 1 });
  const failing = turns.take('a', () => Promise.reject(new Error('broken')));
  const waiting = turns.take('a', () => Promise.resolve('done'));
  await expect(turns.take('a', () => Promise.resolve())).rejects.toBeInstanceOf(TurnRefused);
  const other = turns.take('b', () => Promise.resolve('too'));
  await expect(failing).rejects.toThrow('broken');
  expect(await Promise.all([waiting, other])).toEqual(['done', 'too']);
});

test('never more at once than may, of all and of one; everything has its turn', async () => {
  const work = fc.record({ owner: fc.nat(3), pauses: fc.nat(3), fails: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(work, { maxLength: 30 }), fc.integer({ min: 1, max: 4 }), async (all, atOnce) => {
      const turns = new FairTurns({ atOnce, eachAtOnce: 2 });
      const running = new Map<number, number>();
      const total = (): number => [...running.values()].reduce((sum, count) => sum + count, 0);
      const outcomes = await Promise.allSettled(
        all.map(({ owner, pauses, fails }) =>
          turns.take(owner, async () => {
            running.set(owner, (running.get(owner) ?? 0) + 1);
            expect(running.get(owner)).toBeLessThanOrEqual(2);
            expect(total()).toBeLessThanOrEqual(atOnce);
            for (let pause = 0; pause < pauses; pause += 1) await setImmediate();
            running.set(owner, (running.get(owner) as number) - 1);
            if (fails) throw new Error('broken');
          }),
        ),
      );
      expect(outcomes.map(({ status }) => status === 'rejected')).toEqual(all.map(({ fails }) => fails));
      expect(total()).toBe(0);
    }),
    { numRuns: 50 },
  );
});
