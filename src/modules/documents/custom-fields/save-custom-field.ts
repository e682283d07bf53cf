import { UniqueConstraintViolationException } from '@mikro-orm/core';
import { emit } from '../../../events/outbox.js';
import { requirePermission } from '../../../kernel/viewer.js';
import { badInput, conflict, type FieldProblem, notFound } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { unknownReferences } from '../files/document-facts.js';
import { type CommandContext, duplicateField, execute } from '../files/write-rows.js';
import { problemsOfName } from '../filing/label-facts.js';
import { CustomFieldKind } from './custom-field.entity.js';

export interface CustomFieldFacts {
  name?: string | null | undefined;
  choices?: readonly string[] | null | undefined;
  documentTypeId?: string | null | undefined;
  isRequired?: boolean | null | undefined;
}

interface CustomFieldRow {
  id: number;
  name: string;
  kind: CustomFieldKind;
  choices: string[];
  documentTypeId: number | null;
  isRequired: boolean;
}

const maxChoices = 100;
const maxChoiceLength = 200;

/** Makes a custom field. Throws BAD_USER_INPUT with everything wrong, CONFLICT when the name is taken. Answers its id. */
export const createCustomField = (
  ctx: CommandContext,
  { kind, ...facts }: CustomFieldFacts & { kind: CustomFieldKind },
): Promise<number> =>
  save(ctx, facts, async () => ({ id: 0, name: '', kind, choices: [], documentTypeId: null, isRequired: false }));

/** Changes a custom field: facts that are undefined stay. Throws CONFLICT when a choice goes that documents have. */
export const updateCustomField = (
  ctx: CommandContext,
  { id, ...facts }: CustomFieldFacts & { id: string },
): Promise<number> => save(ctx, facts, (em) => lockCustomField(em, id));

async function save(
  ctx: CommandContext,
  facts: CustomFieldFacts,
  find: (em: CommandContext['em']) => Promise<CustomFieldRow>,
): Promise<number> {
  requirePermission(ctx.viewer, 'custom_fields:write');
  try {
    return await ctx.em.transactional(async (em) => {
      const before = await find(em);
      const name = facts.name === undefined ? before.name : (facts.name ?? '').trim();
      const choices =
        facts.choices === undefined ? before.choices : (facts.choices ?? []).map((choice) => choice.trim());
      const typeId =
        facts.documentTypeId === undefined ? before.documentTypeId : (rowId(facts.documentTypeId ?? '') ?? null);
      const references = await unknownReferences(em, { typeId: facts.documentTypeId });
      const problems = [
        ...problemsOfName('name', name),
        ...problemsOfChoices(before.kind, choices),
        ...references.map((problem) => ({ ...problem, path: ['documentTypeId'] })),
      ];
      if (problems.length) throw badInput(problems);

      const columns = [name, JSON.stringify(choices), typeId, facts.isRequired ?? before.isRequired];
      const isNew = before.id === 0;
      if (!isNew) await refuseLostChoices(em, before, choices);
      const [saved] = isNew
        ? await execute<{ id: number }>(
            em,
            'insert into custom_fields (name, choices, document_type_id, is_required, kind) values (?, ?::jsonb, ?, ?, ?) returning id',
            [...columns, before.kind],
          )
        : await execute<{ id: number }>(
            em,
            'update custom_fields set name = ?, choices = ?::jsonb, document_type_id = ?, is_required = ?, updated_at = now() where id = ? returning id',
            [...columns, before.id],
          );
      const { id } = saved as { id: number };
      await emit(em, ctx, isNew ? 'custom_field.created' : 'custom_field.updated', ['CustomField', id], { name });
      return id;
    });
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException)
      throw duplicateField('CustomField', 'name', 'Another field has this name');
    throw error;
  }
}

/** Deletes a custom field with what documents say in it. */
export async function deleteCustomField(ctx: CommandContext, id: string): Promise<void> {
  requirePermission(ctx.viewer, 'custom_fields:write');
  await ctx.em.transactional(async (em) => {
    const { id: number, name } = await lockCustomField(em, id);
    await execute(em, 'delete from custom_fields where id = ?', [number]);
    await emit(em, ctx, 'custom_field.deleted', ['CustomField', number], { name });
  });
}

async function lockCustomField(em: CommandContext['em'], id: string): Promise<CustomFieldRow> {
  const [row] = await execute<CustomFieldRow>(
    em,
    `select id, name, kind, choices, document_type_id as "documentTypeId", is_required as "isRequired" from custom_fields where id = ?::int for update`,
    [rowId(id) ?? null],
  );
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
    if (choice.includes('\0') || !choice.isWellFormed())
      return [refuse('invalid_format', 'Holds a character that cannot be kept', index)];
    return choices.indexOf(choice) < index ? [refuse('duplicate', 'Is among the choices already', index)] : [];
  });
}

/** Values are added under a share lock on the field, so that none comes in between. */
async function refuseLostChoices(
  em: CommandContext['em'],
  before: CustomFieldRow,
  choices: readonly string[],
): Promise<void> {
  const lost = before.choices.filter((choice) => !choices.includes(choice));
  if (!lost.length) return;
  const [used] = await execute<{ count: number }>(
    em,
    'select count(*)::int as count from document_field_values where field_id = ? and value in (select jsonb_array_elements_text(?::jsonb))',
    [before.id, JSON.stringify(lost)],
  );
  if (used?.count) {
    throw conflict(`${used.count} documents have a choice that would go`, {
      subject: 'CustomField',
      reason: 'custom_field.choice_in_use',
      details: { count: used.count },
    });
  }
}
