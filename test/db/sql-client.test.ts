import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isUniqueViolation } from '../../src/db/sql-client.js';
import { holds, joined, json, raw, set, sql, values } from '../../src/db/sql.js';
import { CustomField, CustomFieldKind } from '../../src/modules/documents/custom-fields/custom-field.entity.js';
import { Tag } from '../../src/modules/documents/filing/tag.entity.js';
import { startTestServer, type TestServer } from '../support/harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const db = () => server.db.client;
const namesLike = (pattern: string) =>
  db().all<{ name: string }>(sql`select name from tags where name like ${pattern} order by name`);

describe('values', () => {
  test('come back as they went, whatever their type', async () => {
    const hostile = `'); drop table tags; -- "\\ {é}`;
    const row = await db().first(sql`
      select ${hostile}::text as text, ${7}::int as number, ${true}::boolean as boolean, ${null}::text as nothing,
             ${[1, 2]}::int[] as numbers, ${[hostile, 'NULL', '', null]}::text[] as texts, ${json({ a: [hostile] })}::jsonb as json,
             ${new Date('2026-02-03T10:00:00Z')}::timestamptz as moment, ${'1.10'}::numeric as decimal, ${'9007199254740993'}::bigint as big`);
    expect(row).toEqual({
      text: hostile,
      number: 7,
      boolean: true,
      nothing: null,
      numbers: [1, 2],
      texts: [hostile, 'NULL', '', null],
      json: { a: [hostile] },
      moment: '2026-02-03 10:00:00+00',
      decimal: '1.10',
      big: '9007199254740993',
    });
  });

  test('fragments nest, policies bind their own', async () => {
    const policy = (alias: string, bind: (value: unknown) => string) => `${alias}.n > ${bind(1)}::int`;
    const all = [sql`${1}::int`, sql`${2}::int`, sql`${3}::int`];
    const rows = await db().all<{ n: number }>(
      sql`select t.n from unnest(array[${joined(all)}]) t (n) where ${holds(policy, 't')} and t.n < ${3} ${raw('order by 1')}`,
    );
    expect(rows).toEqual([{ n: 2 }]);
  });

  test('an undefined value is refused before anything is sent', async () => {
    await expect(db().all(sql`select ${undefined as never}`)).rejects.toThrow(TypeError);
  });
});

describe('columns of entities', () => {
  test('are found by property, JSON is stored as JSON', async () => {
    const [field] = await db().all<{ id: number }>(
      sql`insert into custom_fields ${values(CustomField, { name: 'Farbe', kind: CustomFieldKind.CHOICE, choices: ['a'] })} returning id`,
    );
    await db().run(
      sql`update custom_fields set ${set(CustomField, { choices: ['a', 'b'], isRequired: true, name: undefined })} where id = ${field?.id ?? 0}`,
    );
    const row = await db().first(
      sql`select name, choices, is_required from custom_fields where id = ${field?.id ?? 0}`,
    );
    expect(row).toEqual({ name: 'Farbe', choices: ['a', 'b'], is_required: true });
  });

  test('a property that is no column is a defect', async () => {
    await expect(db().run(sql`update tags set ${set(Tag, { nothing: 1 } as never)}`)).rejects.toThrow('Tag.nothing');
  });
});

describe('transactions', () => {
  const add = (name: string) => sql`insert into tags ${values(Tag, { name })}`;

  test('keep all or nothing', async () => {
    await db().transaction(async (tx) => {
      expect(await tx.run(add('kept 1'))).toBe(1);
      await tx.send(add('kept 2'));
      expect(await tx.all(sql`select 1 from tags where name like ${'kept%'}`)).toHaveLength(2);
    });
    await expect(
      db().transaction(async (tx) => {
        await tx.run(add('lost'));
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await namesLike('kept%')).toHaveLength(2);
    expect(await namesLike('lost%')).toEqual([]);
  });

  test.each(['at the end', 'before another statement'])(
    'a statement that was only sent fails the transaction, %s',
    async (when) => {
      const failing = db().transaction(async (tx) => {
        await tx.send(add('twice'));
        await tx.send(add('Twice'));
        if (when !== 'at the end') await tx.all(sql`select 1`);
      });
      await expect(failing).rejects.toSatisfy((error) => isUniqueViolation(error));
      expect(await namesLike('twice')).toEqual([]);
    },
  );

  test('a savepoint gives up only what was written under it', async () => {
    const inner = db().transaction(async (tx) => {
      await tx.run(add('outer'));
      await tx
        .savepoint(async () => {
          await tx.send(add('inner'));
          await tx.run(add('inner'));
        })
        .catch((error: unknown) => expect(isUniqueViolation(error)).toBe(true));
      await tx.savepoint(() => tx.run(add('other')));
    });
    await inner;
    expect((await namesLike('%er')).map(({ name }) => name)).toEqual(['other', 'outer']);
  });

  test('a savepoint gives up what was written under it when a statement failed there, whatever the work made of it', async () => {
    const outcomes: string[] = [];
    const note = (work: Promise<unknown>): Promise<unknown> =>
      work.then(
        () => outcomes.push('kept'),
        () => outcomes.push('given up'),
      );
    await db().transaction(async (tx) => {
      await note(
        tx.savepoint(async () => {
          await tx.run(add('swallow'));
          await tx.run(add('swallow')).catch(() => undefined);
        }),
      );
      await note(tx.savepoint(() => tx.run(add('swallowed after'))));
    });
    expect(outcomes).toEqual(['given up', 'kept']);
    expect((await namesLike('swallow%')).map(({ name }) => name)).toEqual(['swallowed after']);
  });

  test('a statement beside the open transaction is a defect, afterwards it is not', async () => {
    const beside = db().transaction(() => db().all(sql`select 1`));
    await expect(beside).rejects.toThrow('outside the transaction');
    await expect(db().transaction(() => db().transaction(async () => 1))).rejects.toThrow('outside the transaction');
    expect(await db().all(sql`select 1 as n`)).toEqual([{ n: 1 }]);
  });

  test('listeners are called after a commit that gave their signal, and only then', async () => {
    let calls = 0;
    const stop = db().onSignal('events', () => (calls += 1));
    await db().transaction(async (tx) => tx.signal('events'));
    await db().transaction(async () => undefined);
    await db()
      .transaction(async (tx) => {
        tx.signal('events');
        throw new Error('no');
      })
      .catch(() => undefined);
    stop();
    await db().transaction(async (tx) => tx.signal('events'));
    expect(calls).toBe(1);
  });
});
