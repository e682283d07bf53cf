import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SqlRunner } from '../../../db/sql-client.js';
import { raw, sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import type { Services } from '../../../kernel/context.js';
import {
  type AutoModel,
  classify,
  documentWords,
  type LabelledText,
  learn,
  type MatchableText,
} from '../../../lib/matching.js';
import { askRules, type Rule } from './ask-rules.js';

/** What a document is recognised as. Types have no patterns: they are only learnt. */
export interface Recognised {
  typeId: number | undefined;
  correspondentId: number | undefined;
  /** Without their ancestors. */
  tagIds: number[];
}

/**
 * The labels whose rules match a document (DECISIONS, section 5). Runs before the document's transaction, since
 * expensive patterns must not hold a lock. Never rejects because of a rule: see `askRules`.
 */
export async function matchDocument(
  ctx: Pick<CommandContext, 'db' | 'services' | 'log' | 'viewer'>,
  document: MatchableText,
): Promise<Recognised> {
  const { db, services } = ctx;
  const [correspondents, tags] = [await rulesOf(db, 'correspondents'), await rulesOf(db, 'tags')];
  const models = await modelsOf(db, services);
  const { matches } = await askRules(ctx, [...correspondents, ...tags], [document]);
  const matched = new Set([
    ...(matches[0] ?? []),
    ...learntOf(correspondents, models.correspondents, document),
    ...learntOf(tags, models.tags, document),
  ]);
  return {
    typeId: classify(models.types, document)[0]?.labelId,
    correspondentId: correspondents.find((rule) => matched.has(rule))?.id,
    tagIds: tags.filter((rule) => matched.has(rule)).map(({ id }) => id),
  };
}

const rulesOf = (db: SqlRunner, table: 'correspondents' | 'tags'): Promise<Rule[]> =>
  db.all<Rule>(sql`
    select id, match, matching_algorithm as algorithm from ${raw(table)}
     where matching_algorithm <> 'none' order by id`);

/** The rules without a pattern (`auto`) whose labels the classifier proposes. */
function learntOf(rules: readonly Rule[], model: AutoModel, document: MatchableText): Rule[] {
  const auto = rules.filter(({ algorithm }) => algorithm === 'auto');
  if (auto.length === 0) return [];
  const proposed = new Set(classify(model, document).map(({ labelId }) => labelId));
  return auto.filter(({ id }) => proposed.has(id));
}

interface Models {
  types: AutoModel;
  correspondents: AutoModel;
  tags: AutoModel;
}

const maxSamples = raw('500');
const sampleCharacters = raw('5000');
/** Reading the words of so many takes some milliseconds, after which others are answered. */
const samplesAtOnce = 10;
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
  const texts: (Sample & { words: ReadonlySet<string> })[] = [];
  for (const [at, sample] of samples.entries()) {
    if (at % samplesAtOnce === 0) await nextTurn();
    texts.push({ ...sample, words: documentWords(sample.title, sample.text) });
  }
  const learnt = async (labelsOf: (sample: Sample) => readonly (number | null)[]): Promise<AutoModel> => {
    await nextTurn();
    return learn(
      texts.flatMap((sample): LabelledText[] => {
        const { title, text, words } = sample;
        return labelsOf(sample).map((labelId) => ({ labelId, title, text, words }));
      }),
    );
  };
  return {
    types: await learnt(({ typeId }) => [typeId]),
    correspondents: await learnt(({ correspondentId }) => [correspondentId]),
    tags: await learnt(({ tagIds }) => (tagIds.length ? tagIds : [null])),
  };
}
