import { registerEnumType } from 'type-graphql';

/** How a tag or a correspondent finds its documents; `contracts/DECISIONS.md` section 5. */
export enum MatchingAlgorithm {
  NONE = 'none',
  ANY = 'any',
  ALL = 'all',
  EXACT = 'exact',
  REGEX = 'regex',
  FUZZY = 'fuzzy',
  AUTO = 'auto',
}

registerEnumType(MatchingAlgorithm, {
  name: 'MatchingAlgorithm',
  description: 'How a tag or a correspondent recognises documents by their title and text.',
  valuesConfig: {
    NONE: { description: 'Never by itself.' },
    ANY: { description: 'One of the words; quotes group.' },
    ALL: { description: 'All of the words; quotes group.' },
    EXACT: { description: 'The pattern as a phrase.' },
    REGEX: {
      description: 'A regular expression, run in linear time. Its repetitions, written out, add 500 steps at most.',
    },
    FUZZY: { description: 'A partial ratio of at least 90.' },
    AUTO: { description: 'Learnt from the documents already filed.' },
  },
});
