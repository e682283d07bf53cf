import type { Transaction } from '../../../db/sql-client.js';
import { type Sql, sql } from '../../../db/sql.js';
import { emit } from '../../../events/outbox.js';
import type { CommandContext } from '../../../kernel/command.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { badInput, type FieldProblem } from '../../../lib/errors.js';
import { rowId } from '../../../lib/row-id.js';
import { lockFiledDocument } from '../files/lock-document.js';
import { fieldValueOf } from './custom-field-value.js';
import { CustomFieldKind } from './custom-field.entity.js';

export interface GivenValue {
  fieldId: string;
  /** Text, number or boolean; null removes. */
  value?: unknown;
}

interface FieldRow {
  id: number;
  name: string;
  kind: CustomFieldKind;
  choices: string[];
  isRequired: boolean;
  /** Whether documents of this one's type have it. */
  applies: boolean;
  /** What the document says in it now. */
  value: string | null;
}

const maxValues = 100;

/**
 * Sets custom fields of a document; those that are not named stay. Throws BAD_USER_INPUT with everything wrong: unknown
 * fields, fields of another document type, values of the wrong kind, required fields left without a value.
 */
export async function setDocumentFields(
  ctx: CommandContext,
  { id, values }: { id: string; values: readonly GivenValue[] },
): Promise<void> {
  requireSignedIn(ctx.viewer, 'write');
  await ctx.db.transaction(async (tx) => {
    const document = await lockFiledDocument(tx, ctx.viewer, id);
    const { changed, problems } = await writeFieldValues(tx, document.id, values);
    if (problems.length) throw badInput(problems);
    if (!changed.length) return;
    await tx.send(sql`update documents set revision = revision + 1, updated_at = now() where id = ${document.id}`);
    const { ownerId, title, revision } = document;
    const data = { ownerId, title, fields: changed, version: revision + 1 };
    await emit(tx, ctx, 'document.updated', ['Document', document.id], data);
  });
}

/**
 * Writes the values of custom fields of a locked document. Returns the names of what changed, for its event, or all
 * that is wrong; nothing is written then.
 */
export async function writeFieldValues(
  tx: Transaction,
  documentId: number,
  values: readonly GivenValue[],
): Promise<{ changed: string[]; problems: FieldProblem[] }> {
  if (values.length > maxValues) {
    const problem = { path: ['values'], code: 'too_long', message: `At most ${maxValues} values` } as const;
    return { changed: [], problems: [problem] };
  }
  const { changes, problems } = changesOf(values, await fieldsFor(tx, documentId, values));
  if (problems.length) return { changed: [], problems };
  for (const { field, value } of changes) {
    await tx.send(
      value === null
        ? sql`delete from document_field_values where document_id = ${documentId} and field_id = ${field.id}`
        : valueWritten(documentId, field, value),
    );
  }
  return { changed: changes.map(({ field }) => `fields.${field.name}`), problems: [] };
}

/** The named fields and those that the document must have, locked against changes until the commit. */
function fieldsFor(tx: Transaction, documentId: number, values: readonly GivenValue[]): Promise<FieldRow[]> {
  const named = values.map(({ fieldId }) => rowId(fieldId)).filter((id) => id !== undefined);
  return tx.all<FieldRow>(sql`
    select f.id, f.name, f.kind, f.choices, f.is_required as "isRequired", v.value,
           f.document_type_id is null or f.document_type_id is not distinct from d.document_type_id as applies
      from custom_fields f join documents d on d.id = ${documentId}
           left join document_field_values v on v.field_id = f.id and v.document_id = d.id
     where f.id = any(${named}::int[])
        or (f.is_required and (f.document_type_id is null or f.document_type_id = d.document_type_id))
     order by f.id for share of f`);
}

function changesOf(
  values: readonly GivenValue[],
  fields: readonly FieldRow[],
): { changes: { field: FieldRow; value: string | null }[]; problems: FieldProblem[] } {
  const byId = new Map(fields.map((field) => [field.id, field]));
  const problems: FieldProblem[] = [];
  const given = new Map<FieldRow, string | null>();
  values.forEach(({ fieldId, value }, index) => {
    const refuse = (key: string, problem: Pick<FieldProblem, 'code' | 'message'>): void =>
      void problems.push({ path: ['values', String(index), key], ...problem });
    const field = byId.get(rowId(fieldId) ?? 0);
    if (!field) return refuse('fieldId', { code: 'unknown_reference', message: 'There is no such field' });
    if (given.has(field)) return refuse('fieldId', { code: 'duplicate', message: 'Is named twice' });
    given.set(field, null);
    if (value === null || value === undefined) {
      if (field.isRequired && field.applies)
        refuse('value', { code: 'required', message: `${field.name} must have a value` });
      return;
    }
    if (!field.applies)
      return refuse('fieldId', { code: 'not_allowed', message: 'Documents of this type do not have this field' });
    const outcome = fieldValueOf(field.kind, field.choices, value);
    if ('value' in outcome) given.set(field, outcome.value);
    else refuse('value', outcome);
  });
  for (const field of fields) {
    const isMissing = field.isRequired && field.applies && field.value === null && !given.has(field);
    if (isMissing) problems.push({ path: ['values'], code: 'required', message: `${field.name} must have a value` });
  }
  const changes = [...given]
    .filter(([field, value]) => field.value !== value)
    .map(([field, value]) => ({ field, value }));
  return { changes, problems };
}

/** The statement that writes a value, also into the column of its kind. */
function valueWritten(documentId: number, { id, kind }: FieldRow, value: string): Sql {
  const isNumber = kind === CustomFieldKind.INTEGER || kind === CustomFieldKind.DECIMAL;
  const number = isNumber ? value : null;
  const date = kind === CustomFieldKind.DATE ? value : null;
  const boolean = kind === CustomFieldKind.BOOLEAN ? value : null;
  return sql`
    insert into document_field_values (document_id, field_id, kind, value, number_value, date_value, boolean_value)
    values (${documentId}, ${id}, ${kind}, ${value}, ${number}::numeric, ${date}::date, ${boolean}::boolean)
    on conflict (document_id, field_id) do update
      set value = excluded.value, number_value = excluded.number_value, date_value = excluded.date_value,
          boolean_value = excluded.boolean_value`;
}
