import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classify, learn, matches, matchingAlgorithms, validatePattern } from '../../src/lib/matching.js';
import type { LabelledText, MatchingRule } from '../../src/lib/matching.js';

type Algorithm = MatchingRule['algorithm'];

const letter = {
  title: 'Relevé de situation',
  text: 'L’état des lieux du 3 mars\na été signé à Besançon. Œuvre de Mme Lefèvre-Dupont, réf. A-17. Bureau d’études ﬁscales.',
};
const fits = (algorithm: Algorithm, pattern: string, document = letter): boolean =>
  matches({ algorithm, pattern }, document);

describe('words', () => {
  test.each([
    ['any', 'état', true],
    ['any', 'ETAT', true],
    ['any', 'tat', false],
    ['any', 'éta', false],
    ['any', 'inconnu oeuvre', true],
    ['any', 'bail, releve', true],
    ['any', 'fiscales', true],
    ['any', '"lieux des"', false],
    ['any', 'inconnu "des lieux"', true],
    ['any', 'lefevre', true],
    ['all', 'besancon etat oeuvre', true],
    ['all', 'besancon inconnu', false],
    ['all', '"etat des lieux" besancon', true],
    ['exact', 'du 3 mars a été signé', true], // across a line end
    ['exact', "l'état des lieux", true], // straight apostrophe against a typographic one
    ['exact', 'réf. A-17', true],
    ['exact', 'réf. A-1', false],
    ['exact', 'situation l’état', false], // the title's end and the text's start aren't one phrase
    ['none', 'état', false],
  ] as const)('%s %j → %s', (algorithm, pattern, expected) => {
    expect(fits(algorithm, pattern)).toBe(expected);
  });

  test('accents written in either Unicode form are the same', () => {
    expect(fits('exact', 'e\u0301tat', { title: '', text: 'état' })).toBe(true);
    expect(fits('exact', 'état', { title: 'e\u0301tat', text: '' })).toBe(true);
  });

  test('letters outside the basic plane are letters too', () => {
    expect(fits('any', 'a', { title: '𝒳a𝒳', text: '' })).toBe(false);
    expect(fits('any', '𝒳', { title: '(𝒳)', text: '' })).toBe(true);
  });
});

describe('regex', () => {
  test.each([
    [String.raw`a-\d{2}\b`, true],
    [String.raw`BESAN[ç]ON`, true],
    [String.raw`sign[à-ÿ]\s`, true], // the range holds é, which the text has as e
    [String.raw`sign[a-df-zß-û]\s`, true],
    [String.raw`(?:œ)uvre`, true],
    [String.raw`\bœ+uvre`, true],
    [String.raw`^\S+ \p{L}{2} \p{Lu}ituation`, true],
    [String.raw`\Qréf. A\E`, true],
    [String.raw`\Qréf? A\E`, false],
    [String.raw`[[:digit:]é]{2}`, true],
    [String.raw`[^\x00-\x{10FFFF}]`, false],
    ['mars$', false],
    ['(?m)mars$', true],
  ])('%s → %s', (pattern, expected) => {
    expect(validatePattern({ algorithm: 'regex', pattern })).toBeUndefined();
    expect(fits('regex', pattern)).toBe(expected);
  });

  test('an expression that explodes in a backtracking engine ends', () => {
    const document = { title: '', text: 'a'.repeat(500_000) };
    const startedAt = performance.now();
    expect(fits('regex', '(a+)+$x', document)).toBe(false);
    expect(fits('regex', '((a|aa)*){20}b', document)).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});

describe('fuzzy', () => {
  const longText = `${'Conditions générales de vente applicables aux travaux. '.repeat(300)} Société Lefebvre et Fils, Dijon. ${'Suite. '.repeat(200)}`;

  test.each([
    ['societe lefevbre et fils', true],
    ['Sté Martin Couverture', false],
    ['lefebvre', true],
    ['lefaivre', false],
  ])('%s → %s', (pattern, expected) => {
    expect(fits('fuzzy', pattern, { title: 'Courrier', text: longText })).toBe(expected);
  });

  test('a document shorter than the pattern doesn’t match by being a part of it', () => {
    expect(fits('fuzzy', 'facture de la société martin', { title: 'la', text: '' })).toBe(false);
    expect(fits('fuzzy', 'facture martin', { title: 'Facture', text: 'Martn' })).toBe(true);
  });

  test('a very long text takes a bounded time', () => {
    // Of the processor: others may keep it from us.
    const before = process.cpuUsage();
    fits('fuzzy', 'entreprise générale du bâtiment '.repeat(30), {
      title: '',
      text: 'batiment general '.repeat(120_000),
    });
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(5000);
  });
});

describe('validatePattern', () => {
  test.each([
    ['any', ' , "" '],
    ['all', ''],
    ['exact', ' \n'],
    ['fuzzy', '--'],
    ['regex', ''],
    ['regex', '(état'],
    ['regex', '(?=look)'],
    ['regex', '[z-a]'],
    ['none', 'x'.repeat(1001)],
  ] as const)('%s %j is refused, and matches nothing', (algorithm, pattern) => {
    expect(validatePattern({ algorithm, pattern })).toMatch(/./);
    expect(fits(algorithm, pattern)).toBe(false);
  });

  test('none and auto need no pattern', () => {
    expect(validatePattern({ algorithm: 'none', pattern: '' })).toBeUndefined();
    expect(validatePattern({ algorithm: 'auto', pattern: '' })).toBeUndefined();
  });
});

test('nothing makes matching throw, and a word is always found in the text that is that word', () => {
  const anything = fc.string({ unit: 'binary', maxLength: 60 });
  const expressions = fc
    .array(
      fc.constantFrom(
        'a',
        'é',
        'œ',
        '\u0301',
        '[',
        ']',
        '^',
        '-',
        '\\',
        '(',
        ')',
        '?',
        '*',
        '{2}',
        'Q',
        'E',
        'p{L}',
        '𝒳',
        '\ud800',
        '[:alpha:]',
        '|',
      ),
    )
    .map((parts) => parts.join(''));
  const algorithm = fc.constantFrom(...matchingAlgorithms.filter((name) => name !== 'auto'));
  fc.assert(
    fc.property(algorithm, fc.oneof(anything, expressions), anything, anything, (algorithm, pattern, title, text) => {
      expect(matches({ algorithm, pattern }, { title, text })).toBeTypeOf('boolean');
    }),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(fc.stringMatching(/^[a-zàâçéèêëîïôœùûü]{1,20}$/), anything, (word, title) => {
      for (const algorithm of ['any', 'all', 'exact', 'regex', 'fuzzy'] as const) {
        expect(matches({ algorithm, pattern: word }, { title, text: `(${word.toUpperCase()})` })).toBe(true);
      }
    }),
  );
});

describe('auto', () => {
  const [invoice, contract] = [1, 2];
  const samples: LabelledText[] = [
    {
      labelId: invoice,
      title: 'Facture 2024-118',
      text: 'Facture n° 2024-118. Désignation, quantité, prix unitaire HT. Total HT 1 250,00 €. TVA 20 %. Net à payer TTC 1 500,00 €. Échéance à 30 jours. IBAN FR76.',
    },
    {
      labelId: invoice,
      title: 'Facture plomberie',
      text: 'Facture du 3 mars. Fourniture et pose d’un chauffe-eau, quantité 1. Montant HT, TVA 10 %, montant TTC. Net à payer par virement IBAN. Pénalités de retard.',
    },
    {
      labelId: invoice,
      title: 'Fact. EDF mars',
      text: 'Votre facture d’électricité. Consommation, abonnement, taxes. Total HT, TVA, total TTC. Montant à payer avant l’échéance par virement.',
    },
    {
      labelId: contract,
      title: 'Contrat de maintenance',
      text: 'Entre les soussignés, la société Martin, ci-après le prestataire, et le client. Article 1 : objet du contrat. Article 2 : durée. Résiliation, tacite reconduction, obligations des parties. Fait en deux exemplaires.',
    },
    {
      labelId: contract,
      title: 'Bail commercial',
      text: 'Entre les soussignés, le bailleur et le preneur, il a été convenu : article 1 désignation des locaux, article 2 durée du bail, article 3 loyer. Résiliation par les parties. Fait en deux exemplaires, signatures.',
    },
    {
      labelId: contract,
      title: 'Contrat de location',
      text: 'Contrat conclu entre les parties soussignées. Article premier : objet. Durée du contrat, conditions de résiliation, obligations du locataire. Fait et signé en deux exemplaires.',
    },
    {
      labelId: null,
      title: 'Courrier mairie',
      text: 'Madame, Monsieur, nous vous informons que la collecte des déchets sera décalée. Veuillez agréer nos salutations distinguées.',
    },
  ];
  const model = learn(samples);
  const newInvoice = {
    title: 'Scan 0042',
    text: 'FACTURE 77. Quantité 3, prix unitaire. Total HT 300 €, TVA 20 %, net à payer TTC 360 € par virement avant échéance.',
  };
  const newContract = {
    title: 'Scan 0043',
    text: 'Entre les soussignés il est conclu un contrat. Article 1 objet, article 2 durée, résiliation par les parties, fait en deux exemplaires.',
  };

  test('recognises a new invoice and a new contract', () => {
    expect(classify(model, newInvoice)).toEqual([{ labelId: invoice, confidence: expect.closeTo(1, 1) }]);
    expect(classify(model, newContract)).toEqual([{ labelId: contract, confidence: expect.closeTo(1, 1) }]);
  });

  test.each([
    [
      'of other things',
      'Recette de la tarte aux pommes : éplucher les pommes, étaler la pâte, cuire quarante minutes au four chaud.',
    ],
    [
      'in another language',
      'The quick brown fox jumps over the lazy dog while everybody sleeps in the garden behind the house.',
    ],
    ['half and half', `${newInvoice.text} ${newContract.text}`],
    ['without words', '12 34 — 56'],
    ['of one common word', 'les'],
  ])('proposes nothing for a text %s', (_, text) => {
    expect(classify(model, { title: 'Scan 0044', text })).toEqual([]);
  });

  test('proposes nothing from too little: no samples, one label alone, one sample of a label', () => {
    expect(classify(learn([]), newInvoice)).toEqual([]);
    expect(classify(learn(samples.slice(0, 3)), newInvoice)).toEqual([]);
    expect(classify(learn(samples.slice(2)), newInvoice)).toEqual([]);
  });

  test('two labels on the same documents are both proposed', () => {
    const urgent = 3;
    const twice = samples.flatMap((sample) =>
      sample.labelId === invoice ? [sample, { ...sample, labelId: urgent }] : [sample],
    );
    expect(classify(learn(twice), newInvoice).map(({ labelId }) => labelId)).toEqual([invoice, urgent]);
  });

  test('the order of the samples doesn’t count', () => {
    expect(classify(learn(samples.toReversed()), newInvoice)).toEqual(classify(model, newInvoice));
  });
});
