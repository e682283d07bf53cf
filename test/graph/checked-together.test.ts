import { expect, test } from 'vitest';
import { checkedTogether } from '../../src/graph/subscriptions/checked-once.js';

type Current = Parameters<typeof checkedTogether>[0];

test('whether a row is visible is asked once for an event, and anew for a later one', async () => {
  const model = { entity: class Document {}, visibleTo: () => () => 'true' } as unknown as Parameters<
    Current['isVisible']
  >[0];
  const underWay = new Map<string, Promise<boolean>>();
  const answers: ((isVisible: boolean) => void)[] = [];
  const isVisible = (): Promise<boolean> => new Promise((resolve) => answers.push(resolve));
  const ask = (userId: number, position: string): Promise<boolean> =>
    checkedTogether({ viewer: { userId }, isVisible } as unknown as Current, underWay, position)(model, '7');
  const before = [ask(1, '10'), ask(2, '10')];
  // The share was taken back, and then somebody wrote: the question about what came before is not answered yet.
  const after = ask(2, '12');
  expect(answers).toHaveLength(2);
  answers.forEach((answer, n) => answer(n === 0));
  expect(await Promise.all([...before, after])).toEqual([true, true, false]);
  expect(underWay.size).toBe(0);
});
