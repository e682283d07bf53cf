import { setImmediate } from 'node:timers/promises';
import { requirePermission } from '../../../kernel/viewer.js';
import { badInput, notFound } from '../../../lib/errors.js';
import { classify } from '../../../lib/matching.js';
import { rowId } from '../../../lib/row-id.js';
import { visibleDocuments } from '../files/document.policy.js';
import { type CommandContext, execute } from '../files/write-rows.js';
import { problemsOfLabel } from './label-facts.js';
import { isMatch, modelsOf, type Rule } from './match-document.js';
import type { MatchingAlgorithm } from './matching-algorithm.js';

export interface DryRun {
  id: string;
  /** Instead of the tag's own, to try a change. */
  match?: string | null | undefined;
  matchingAlgorithm?: MatchingAlgorithm | null | undefined;
}

const maxScanned = 1000;
const maxMatches = 100;
const batchSize = 50;
/** As much as the costly algorithms look at. */
const scannedCharacters = 200_000;

/**
 * Which of the viewer's latest documents a tag's rule matches, without changing anything: at most 1000 are looked at, at
 * most 100 found, newest first.
 */
export async function dryRunTag(
  ctx: CommandContext,
  { id, match, matchingAlgorithm }: DryRun,
): Promise<{ scanned: number; documentIds: number[] }> {
  const viewer = requirePermission(ctx.viewer, 'tags:write');
  const { em, services } = ctx;
  const [tag] = await execute<Rule & { name: string }>(
    em,
    'select id, name, match, matching_algorithm as algorithm from tags where id = ?::int',
    [rowId(id) ?? null],
  );
  if (!tag) throw notFound('Tag');
  const rule: Rule = { id: tag.id, match: match ?? tag.match, algorithm: matchingAlgorithm ?? tag.algorithm };
  const problems = problemsOfLabel({
    name: tag.name,
    match: rule.match,
    matchingAlgorithm: rule.algorithm as MatchingAlgorithm,
  });
  if (problems.length) throw badInput(problems);
  const model = rule.algorithm === 'auto' ? (await modelsOf(em, services)).tags : undefined;

  const documentIds: number[] = [];
  let scanned = 0;
  while (scanned < maxScanned && documentIds.length < maxMatches) {
    const parameters: unknown[] = [];
    const visible = visibleDocuments(viewer)('t', (value) => (parameters.push(value), '?'));
    const batch = await execute<{ id: number; title: string; text: string }>(
      em,
      `select id, title, left(content, ${scannedCharacters}) as text from documents t
        where deleted_at is null and (${visible}) order by created_at desc, id desc limit ${batchSize} offset ${scanned}`,
      parameters,
    );
    for (const document of batch) {
      scanned += 1;
      const learnt = model ? classify(model, document).map(({ labelId }) => labelId) : [];
      if (isMatch(rule, document, learnt)) documentIds.push(document.id);
      await setImmediate();
    }
    if (batch.length < batchSize) break;
  }
  return { scanned, documentIds: documentIds.slice(0, maxMatches) };
}
