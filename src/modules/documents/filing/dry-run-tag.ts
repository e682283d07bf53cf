import { setImmediate } from 'node:timers/promises';
import { holds, raw, sql } from '../../../db/sql.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requirePermission } from '../../../kernel/viewer.js';
import { badInput, notFound } from '../../../lib/errors.js';
import { classify } from '../../../lib/matching.js';
import { rowId } from '../../../lib/row-id.js';
import { visibleDocuments } from '../files/document.policy.js';
import { askRules, type Rule } from './ask-rules.js';
import { problemsOfLabel } from './label-facts.js';
import { modelsOf } from './match-document.js';
import type { MatchingAlgorithm } from './matching-algorithm.js';

export interface DryRun {
  id: string;
  /** Instead of the tag's own pattern, to try a change. */
  match?: string | null | undefined;
  matchingAlgorithm?: MatchingAlgorithm | null | undefined;
}

const maxScanned = 1000;
const maxMatches = 100;
const batchSize = 50;
/** After it no further batch is begun. */
const budgetMs = 20_000;
/** The part of a text that the expensive algorithms look at. */
const scannedCharacters = raw('200000');

/**
 * Which of the viewer's latest documents a tag's rule matches, newest first; nothing is changed. Looks at 1000
 * documents, or as many as there is time for, and returns 100 at most.
 */
export async function dryRunTag(
  ctx: CommandContext,
  { id, match, matchingAlgorithm }: DryRun,
): Promise<{ scanned: number; documentIds: number[] }> {
  const viewer = requirePermission(ctx.viewer, 'tags:write');
  const { db, services } = ctx;
  const tag = await db.first<Rule & { name: string }>(sql`
    select id, name, match, matching_algorithm as algorithm from tags where id = ${rowId(id) ?? null}::int`);
  if (!tag) throw notFound('Tag');
  const rule: Rule = { id: tag.id, match: match ?? tag.match, algorithm: matchingAlgorithm ?? tag.algorithm };
  const problems = problemsOfLabel({
    name: tag.name,
    match: rule.match,
    matchingAlgorithm: rule.algorithm as MatchingAlgorithm,
  });
  if (problems.length) throw badInput(problems);
  const model = rule.algorithm === 'auto' ? (await modelsOf(db, services)).tags : undefined;

  const documentIds: number[] = [];
  let scanned = 0;
  const endMs = performance.now() + budgetMs;
  while (scanned < maxScanned && documentIds.length < maxMatches) {
    const batch = await db.all<{ id: number; title: string; text: string }>(sql`
      select id, title, left(content, ${scannedCharacters}) as text from documents t
       where deleted_at is null and ${holds(visibleDocuments(viewer), 't')}
       order by created_at desc, id desc limit ${raw(String(batchSize))} offset ${scanned}::int`);
    if (model) {
      for (const document of batch) {
        if (classify(model, document).some(({ labelId }) => labelId === tag.id)) documentIds.push(document.id);
        await setImmediate();
      }
      scanned += batch.length;
    } else {
      const { matches, isComplete } = await askRules(ctx, [rule], batch);
      documentIds.push(...batch.filter((_, index) => matches[index]?.length).map((document) => document.id));
      scanned += matches.length;
      if (!isComplete) break;
    }
    if (batch.length < batchSize || performance.now() > endMs) break;
  }
  return { scanned, documentIds: documentIds.slice(0, maxMatches) };
}
