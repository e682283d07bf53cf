import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { dayOf, momentAfter, momentOf } from '../../../src/lib/moments.js';
import { readerOf, untilMoment } from '../../../src/rest/engine/read-values.js';

const loose = { looseValues: true, unaccentedEnums: true };

/** What a route's shape makes of a value that a consumer of a loose dialect sends. */
function read(shape: z.ZodType, value: unknown, options: Parameters<typeof readerOf>[1] = loose): unknown {
  return shape.safeParse(readerOf(shape, options)(value).value).data;
}

const date = fc.date({
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9998-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});

describe('moments and days', () => {
  test.each([
    ['2026-11-30T03:16:45.123456', '2026-11-30T03:16:45.123456Z'],
    ['2026-12-31T10:00', '2026-12-31T10:00:00Z'],
    ['2026-12-31T10:00:00.000Z', '2026-12-31T10:00:00.000Z'],
    ['2026-12-31T10:00+0200', '2026-12-31T10:00:00+02:00'],
    ['2026-12-31 10:00:00', '2026-12-31T10:00:00Z'],
    ['2026-12-31', '2026-12-31T00:00:00Z'],
    ['31/12/2026', undefined],
    ['2026-12-31T', undefined],
    ['', undefined],
  ])('%j is %s', (sent, moment) => {
    expect(momentOf(sent)).toBe(moment);
    expect(dayOf(sent)).toBe(moment?.slice(0, 10));
  });

  test('without a zone they are UTC, whatever the form that a program writes', () =>
    fc.assert(
      fc.property(date, fc.constantFrom('T', ' '), fc.constantFrom(16, 19, 23), (moment, between, length) => {
        const text = moment.toISOString();
        const sent = text.slice(0, length).replace('T', between);
        const shown = length === 16 ? `${text.slice(0, 16)}:00Z` : length === 19 ? `${text.slice(0, 19)}Z` : text;
        expect(read(z.iso.datetime({ offset: true }), sent)).toBe(shown);
        expect(read(z.iso.date(), sent)).toBe(text.slice(0, 10));
        expect(momentAfter(sent)).toBe(shown);
      }),
    ));

  test('a day is its first instant, and as an upper bound its whole', () =>
    fc.assert(
      fc.property(date, (moment) => {
        const day = moment.toISOString().slice(0, 10);
        expect(read(z.iso.datetime({ offset: true }), day)).toBe(`${day}T00:00:00Z`);
        const end = String(read(untilMoment().optional().meta({ description: 'x' }), day));
        expect(Date.parse(end) - Date.parse(`${day}T00:00:00Z`)).toBe(86_400_000);
      }),
    ));

  test('a day that is not there is left for the shape to refuse', () => {
    for (const day of ['2026-02-30', '2026-13-01', '9999-12-31']) {
      expect(momentAfter(day)).toBeUndefined();
      expect(untilMoment().safeParse(readerOf(untilMoment(), {})(day).value).success).toBe(false);
    }
  });

  test('no text throws, and what is made of one is made of itself', () =>
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{4}-\d\d-\d\d[T ]?[\d:.,Z+-]{0,20}$/)), (text) => {
        for (const made of [momentOf(text), momentAfter(text)].filter((made) => made !== undefined))
          expect(momentOf(made)).toBe(made);
      }),
    ));
});

const Row = z.object({
  nom: z.string().min(1).max(50),
  note: z.string().nullish(),
  montant: z.number().min(-1e9).max(1e9).nullish(),
  rang: z.int().optional(),
  email: z.email().nullish(),
  statut: z.enum(['planifie', 'en_cours', 'valide']).default('planifie'),
  date: z.iso.datetime({ offset: true }).nullish(),
  jour: z.iso.date().nullish(),
  actif: z.boolean().optional(),
  client_id: z.uuid().nullish(),
  tags: z.array(z.int().min(1)).optional(),
  lignes: z.array(z.object({ prix: z.number(), libelle: z.string().optional() })).optional(),
  valeur: z.union([z.string(), z.number()]).nullish(),
});

describe('loose values', () => {
  test('a form’s habits', () => {
    const id = '6f9619ff-8b86-4011-b42d-00c04fc964ff';
    expect(
      read(Row, {
        nom: 'Fuite',
        note: '',
        montant: '12.50',
        rang: '',
        email: '',
        statut: 'validé',
        date: '2026-12-31T10:00',
        jour: '2026-12-31T10:00:00.000Z',
        client_id: { id, nom: 'Dupont' },
        tags: [{ id: 1, name: 'a', color: '#ff0000' }, '2', 3],
        lignes: [{ prix: '1e2', libelle: '' }],
        valeur: '',
        id: 4,
        client: { id, nom: 'Dupont' },
      }),
    ).toEqual({
      nom: 'Fuite',
      note: '',
      montant: 12.5,
      email: null,
      statut: 'valide',
      date: '2026-12-31T10:00:00Z',
      jour: '2026-12-31',
      client_id: id,
      tags: [1, 2, 3],
      lignes: [{ prix: 100, libelle: '' }],
      valeur: '',
    });
    expect(read(Row, { nom: 'a', statut: '', rang: null, client_id: '' })).toEqual({
      nom: 'a',
      statut: 'planifie',
      client_id: null,
    });
    expect(read(z.object({ actif: z.boolean() }), { actif: 'true' }, { ...loose, isText: true })).toEqual({
      actif: true,
    });
  });

  test.each<[sent: object, why: string]>([
    [{ nom: '' }, 'a required text stays empty'],
    [{ nom: 'a', montant: 'douze' }, 'words are no number'],
    [{ nom: 'a', montant: '0x10' }, 'no other base'],
    [{ nom: 'a', montant: '12,50' }, 'no comma'],
    [{ nom: 'a', montant: '1e999' }, 'nothing infinite'],
    [{ nom: 'a', statut: 'fait' }, 'no other word'],
    [{ nom: 'a', actif: 'true' }, 'JSON has booleans of its own'],
    [{ nom: 'a', jour: '2026-02-30' }, 'the day must exist'],
    [{ nom: 'a', date: '2026-02-30T10:00' }, 'the day of a moment too'],
    [{ nom: 'a', email: 'x' }, 'the shape still checks'],
    [{ nom: 'a', tags: '1' }, 'one is no list'],
  ])('%j is refused: %s', (value, _why) => {
    expect(Row.safeParse(readerOf(Row, loose)(value).value).success).toBe(false);
  });

  test('other dialects read dates alone', () => {
    const strict = readerOf(Row, {});
    expect(strict({ nom: 'a', montant: '1', email: '', date: '2026-12-31' }).value).toEqual({
      nom: 'a',
      montant: '1',
      email: '',
      date: '2026-12-31T00:00:00Z',
    });
  });
});

const day = date.map((moment) => moment.toISOString().slice(0, 10));
const row = fc.record(
  {
    nom: fc.string(),
    note: fc.option(fc.string()),
    montant: fc.option(fc.oneof(fc.double({ noNaN: true }), fc.integer())),
    rang: fc.integer(),
    email: fc.constantFrom(null, '', 'a@b.fr'),
    statut: fc.constantFrom('planifie', 'valide', 'validé', ''),
    date: fc.oneof(
      date.map((moment) => moment.toISOString()),
      day,
      fc.constant(null),
    ),
    jour: fc.oneof(day, fc.constant(null)),
    actif: fc.boolean(),
    tags: fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.record({ id: fc.integer({ min: 1, max: 9 }) }))),
    lignes: fc.array(fc.record({ prix: fc.integer(), libelle: fc.string() })),
    valeur: fc.oneof(fc.string(), fc.integer()),
  },
  { requiredKeys: [] },
);

describe('whatever is sent', () => {
  test('what the shape accepts is never changed', () =>
    fc.assert(
      fc.property(row, (value) => {
        const accepted = Row.safeParse(value);
        if (accepted.success) expect(read(Row, value)).toEqual(accepted.data);
      }),
    ));

  test('numbers that are sent as text are the same numbers', () =>
    fc.assert(
      fc.property(row, (value) => {
        const isNumber = (inner: unknown): boolean => typeof inner === 'number' && Number.isFinite(inner);
        const asText = JSON.parse(JSON.stringify(value), (key, inner: unknown) =>
          isNumber(inner) && key !== 'valeur' ? String(inner) : inner,
        ) as unknown;
        expect(read(Row, asText)).toEqual(read(Row, JSON.parse(JSON.stringify(value))));
      }),
    ));

  test('reading it twice is reading it once, and nothing throws', () =>
    fc.assert(
      fc.property(
        fc.oneof(row, fc.anything(), fc.dictionary(fc.constantFrom(...Object.keys(Row.shape)), fc.anything())),
        (value) => {
          const reader = readerOf(Row, loose);
          const once = reader(value).value;
          expect(reader(once).value).toEqual(once);
        },
      ),
    ));

  test('every key that no shape names is told with its path', () => {
    const sent = { nom: 'a', x: 1, lignes: [{ prix: 1 }, { prix: 2, tva: 3 }], ['constructor']: 1 };
    expect(readerOf(Row, loose)(sent).unknownKeys).toEqual(['x', 'lignes.1.tva', 'constructor']);
  });
});
