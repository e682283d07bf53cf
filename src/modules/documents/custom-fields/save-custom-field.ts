import { isUniqueViolation, type Transaction } from '../../../db/sql-client.js';
import { set, sql, values } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { changedFields, refuseStale } from '../../../kernel/stale-version.js';
import { requirePermission } from '../../../kernel/viewer.js';
import { badInput, conflict, duplicateField, type FieldProblem, notFound } from '../../../lib/errors.js';
import { isSeen, tidyName } from '../../../lib/names.js';
import { rowId } from '../../../lib/row-id.js';
import { lockReferences } from '../files/document-facts.js';
import { problemsOfName } from '../filing/label-facts.js';
import { CustomField, CustomFieldKind } from './custom-field.entity.js';

export interface CustomFieldFacts {
  name?: string | null | undefined;
  choices?: readonly string[] | null | undefined;
  documentTypeId?: string | null | undefined;
  isRequired?: boolean | null | undefined;
  /** That the changes were made on. */
  version?: number | null | undefined;
}

interface CustomFieldRow {
  id: number;
  name: string;
  kind: CustomFieldKind;
  choices: string[];
  documentTypeId: number | null;
  isRequired: boolean;
  version: number;
}

const maxChoices = 100;
const maxChoiceLength = 200;

/**
 * Creates a custom field and returns its id. Throws BAD_USER_INPUT with everything that is wrong, CONFLICT when the
 * name is taken.
 */
export const createCustomField = (
  ctx: CommandContext,
  { kind, ...facts }: CustomFieldFacts & { kind: CustomFieldKind },
): Promise<number> =>
  save(ctx, facts, async () => ({
    id: 0,
    name: '',
    kind,
    choices: [],
    documentTypeId: null,
    isRequired: false,
    version: 1,
  }));

/**
 * Changes a custom field: facts that are undefined stay, and what is as it was changes nothing. Returns its id. Throws
 * CONFLICT for an old version and when a choice that documents have would be removed.
 */
export const updateCustomField = (
  ctx: CommandContext,
  { id, ...facts }: CustomFieldFacts & { id: string },
): Promise<number> => save(ctx, facts, (tx) => lockCustomField(tx, id));

async function save(
  ctx: CommandContext,
  facts: CustomFieldFacts,
  find: (tx: Transaction) => Promise<CustomFieldRow>,
): Promise<number> {
  requirePermission(ctx.viewer, 'custom_fields:write');
  try {
    return await ctx.db.transaction(async (tx) => {
      const before = await find(tx);
      const isNew = before.id === 0;
      if (!isNew) await refuseStale(tx, ['CustomField', { ...before, id: String(before.id) }], facts.version);
      const name = facts.name === undefined ? before.name : tidyName(facts.name ?? '');
      const choices = facts.choices === undefined ? before.choices : (facts.choices ?? []).map(tidyName);
      const typeId =
        facts.documentTypeId === undefined ? before.documentTypeId : (rowId(facts.documentTypeId ?? '') ?? null);
      const references = await lockReferences(tx, { typeId: facts.documentTypeId });
      const problems = [
        ...problemsOfName('name', name),
        ...problemsOfChoices(before.kind, choices),
        ...references.map((problem) => ({ ...problem, path: ['documentTypeId'] })),
      ];
      if (problems.length) throw badInput(problems);

      const isRequired = facts.isRequired ?? before.isRequired;
      const columns = { name, choices, documentType: typeId, isRequired };
      if (isNew) {
        const made = await tx.first<{ id: number }>(
          sql`insert into custom_fields ${values(CustomField, { ...columns, kind: before.kind })} returning id`,
        );
        const { id } = made as { id: number };
        await emit(tx, ctx, 'custom_field.created', ['CustomField', id], { name });
        return id;
      }
      const fields = changedFields(before, { name, choices, documentTypeId: typeId, isRequired });
      if (fields.length === 0) return before.id;
      await refuseLostChoices(tx, before, choices);
      const version = before.version + 1;
      const changes = { ...columns, version, updatedAt: sql`now()` };
      await tx.send(sql`update custom_fields set ${set(CustomField, changes)} where id = ${before.id}`);
      await emit(tx, ctx, 'custom_field.updated', ['CustomField', before.id], { name, version, fields });
      return before.id;
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw duplicateField('CustomField', 'name', 'Another field has this name');
    throw error;
  }
}

/**
 * Deletes a custom field. Throws CONFLICT with their number when documents have a value of it, unless `force` says that
 * the values may go; documents in the trash count.
 */
export async function deleteCustomField(ctx: CommandContext, id: string, force: boolean): Promise<void> {
  requirePermission(ctx.viewer, 'custom_fields:write');
  await ctx.db.transaction(async (tx) => {
    // The lock keeps documents from getting a value between the count and the commit.
    const { id: number, name } = await lockCustomField(tx, id);
    const used = await tx.first<{ count: number }>(
      sql`select count(*)::int as count from document_field_values where field_id = ${number}`,
    );
    if (used?.count && !force)
      throw conflict(`${used.count} documents have a value of this field`, {
        subject: 'CustomField',
        reason: 'custom_field.in_use',
        details: { count: used.count },
      });
    await tx.send(sql`delete from custom_fields where id = ${number}`);
    await emit(tx, ctx, 'custom_field.deleted', ['CustomField', number], { name });
  });
}

async function lockCustomField(tx: Transaction, id: string): Promise<CustomFieldRow> {
  const row = await tx.first<CustomFieldRow>(sql`
    select id, name, kind, choices, document_type_id as "documentTypeId", is_required as "isRequired", version
      from custom_fields where id = ${rowId(id) ?? null}::int for update`);
  if (!row) throw notFound('CustomField');
  return row;
}

function problemsOfChoices(kind: CustomFieldKind, choices: readonly string[]): FieldProblem[] {
  const refuse = (code: FieldProblem['code'], message: string, ...index: number[]): FieldProblem => ({
    path: ['choices', ...index.map(String)],
    code,
    message,
  });
  if (kind !== CustomFieldKind.CHOICE)
    return choices.length ? [refuse('not_allowed', 'Only a CHOICE has choices')] : [];
  if (choices.length === 0) return [refuse('required', 'Name at least one choice')];
  if (choices.length > maxChoices) return [refuse('too_long', `At most ${maxChoices} choices`)];
  return choices.flatMap((choice, index): FieldProblem[] => {
    if (choice === '') return [refuse('required', 'Must not be empty', index)];
    if (choice.length > maxChoiceLength) return [refuse('too_long', `At most ${maxChoiceLength} characters`, index)];
    if (!isSeen(choice) || !choice.isWellFormed())
      return [refuse('invalid_format', 'Holds a character that cannot be kept', index)];
    return choices.indexOf(choice) < index ? [refuse('duplicate', 'Is among the choices already', index)] : [];
  });
}

/**
 * Throws CONFLICT when documents have a choice that would be removed. Values are added under a share lock on the field,
 * so that none is added meanwhile.
 */
async function refuseLostChoices(tx: Transaction, before: CustomFieldRow, choices: readonly string[]): Promise<void> {
  const lost = before.choices.filter((choice) => !choices.includes(choice));
  if (!lost.length) return;
  const used = await tx.first<{ count: number }>(sql`
    select count(*)::int as count from document_field_values
     where field_id = ${before.id} and value = any(${lost}::text[])`);
  if (used?.count) {
    throw conflict(`${used.count} documents have a choice that would go`, {
      subject: 'CustomField',
      reason: 'custom_field.choice_in_use',
      details: { count: used.count },
    });
  }
}
