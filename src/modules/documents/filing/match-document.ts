import { setImmediate } from 'node:timers/promises';
import type { SqlRunner } from '../../../db/sql-client.js';
import { raw, sql } from '../../../db/sql.js';
import type { Services } from '../../../kernel/context.js';
import {
  type AutoModel,
  classify,
  type LabelledText,
  learn,
  type MatchableText,
  matches,
  type MatchingAlgorithm,
} from '../../../lib/matching.js';

export interface Rule {
  id: number;
  match: string;
  algorithm: MatchingAlgorithm;
}

/** What a document is recognised as. Types have no patterns: they are only learnt. */
export interface Recognised {
  typeId: number | undefined;
  correspondentId: number | undefined;
  /** Without their ancestors. */
  tagIds: number[];
}

/**
 * The labels whose rules match a document (DECISIONS, section 5). Runs before the document's transaction, since
 * expensive patterns must not hold a lock.
 */
export async function matchDocument(db: SqlRunner, services: Services, document: MatchableText): Promise<Recognised> {
  const [correspondents, tags] = [await rulesOf(db, 'correspondents'), await rulesOf(db, 'tags')];
  const models = await modelsOf(db, services);
  const [correspondentId] = await matching(correspondents, document, models.correspondents, 1);
  return {
    typeId: classify(models.types, document)[0]?.labelId,
    correspondentId,
    tagIds: await matching(tags, document, models.tags),
  };
}

const rulesOf = (db: SqlRunner, table: 'correspondents' | 'tags'): Promise<Rule[]> =>
  db.all<Rule>(sql`
    select id, match, matching_algorithm as algorithm from ${raw(table)}
     where matching_algorithm <> 'none' order by id`);

async function matching(
  rules: readonly Rule[],
  document: MatchableText,
  model: AutoModel,
  limit = Infinity,
): Promise<number[]> {
  const learnt = rules.some(({ algorithm }) => algorithm === 'auto')
    ? classify(model, document).map(({ labelId }) => labelId)
    : [];
  const found: number[] = [];
  for (const rule of rules) {
    if (found.length >= limit) break;
    if (isMatch(rule, document, learnt)) found.push(rule.id);
    // A pattern may take half a second on a long text; other requests are served between two.
    await setImmediate();
  }
  return found;
}

/** `learnt`: the labels that the classifier proposes for the document. */
export const isMatch = ({ id, algorithm, match }: Rule, document: MatchableText, learnt: readonly number[]): boolean =>
  algorithm === 'auto' ? learnt.includes(id) : matches({ algorithm, pattern: match }, document);

interface Models {
  types: AutoModel;
  correspondents: AutoModel;
  tags: AutoModel;
}

const maxSamples = raw('500');
const sampleCharacters = raw('5000');
const modelLifeMs = 60_000;

/** Per process. Learning takes a few hundred milliseconds, and models that are a minute old are good enough. */
const learntModels = new WeakMap<Services, { learntAt: number; models: Promise<Models> }>();

/** The three models, learnt from the latest filed documents at most once a minute. */
export function modelsOf(db: SqlRunner, services: Services): Promise<Models> {
  const now = Date.now();
  const known = learntModels.get(services);
  if (known && now - known.learntAt < modelLifeMs) return known.models;
  const models = learnModels(db);
  learntModels.set(services, { learntAt: now, models });
  models.catch(() => learntModels.delete(services));
  return models;
}

interface Sample {
  title: string;
  text: string;
  typeId: number | null;
  correspondentId: number | null;
  tagIds: number[];
}

async function learnModels(db: SqlRunner): Promise<Models> {
  const samples = await db.all<Sample>(sql`
    select title, left(content, ${sampleCharacters}) as text, document_type_id as "typeId",
           correspondent_id as "correspondentId",
           (select coalesce(json_agg(dt.tag_id), '[]') from document_tags dt where dt.document_id = d.id) as "tagIds"
      from documents d where deleted_at is null order by created_at desc, id desc limit ${maxSamples}`);
  const labelled = (labelsOf: (sample: Sample) => readonly (number | null)[]): LabelledText[] =>
    samples.flatMap((sample) =>
      labelsOf(sample).map((labelId) => ({ labelId, title: sample.title, text: sample.text })),
    );
  return {
    types: learn(labelled(({ typeId }) => [typeId])),
    correspondents: learn(labelled(({ correspondentId }) => [correspondentId])),
    tags: learn(labelled(({ tagIds }) => (tagIds.length ? tagIds : [null]))),
  };
}
