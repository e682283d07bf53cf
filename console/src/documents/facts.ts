import type { ChosenTag } from './choices';
import type { DocumentFactsFragment, FactFieldsQuery, SaveFactsMutationVariables } from './operations.gen';

export type CustomField = NonNullable<FactFieldsQuery['customFields']>['nodes'][number];

/** What can be edited of a document, as its form has it. */
export interface Facts {
  title: string;
  type: { id: string; name: string } | null;
  correspondent: { id: string; name: string } | null;
  tags: ChosenTag[];
  documentDate: string | null;
  amount: number | null;
  currency: string | null;
  asn: number | null;
  /** By the number of the field; null: no value. */
  fields: Readonly<Record<string, string | null>>;
}

export const factsOf = (document: DocumentFactsFragment): Facts => ({
  title: document.title,
  type: document.type ? { id: document.type.id, name: document.type.label } : null,
  correspondent: document.correspondent ?? null,
  tags: document.tags.map(({ id, name, color }) => ({ id, name, color })),
  documentDate: document.documentDate ?? null,
  amount: document.amount ?? null,
  currency: document.currency ?? null,
  asn: document.asn ?? null,
  fields: Object.fromEntries(document.fields.map(({ field, value }) => [field.id, value])),
});

/** The parts that a person decides on by themselves: what each is compared by. */
const keys = {
  title: ({ title }) => title,
  type: ({ type }) => type?.id ?? '',
  correspondent: ({ correspondent }) => correspondent?.id ?? '',
  tags: ({ tags }) =>
    tags
      .map(({ id }) => id)
      .toSorted()
      .join(),
  documentDate: (facts) => facts.documentDate ?? '',
  amount: ({ amount, currency }) => (amount === null ? '' : `${amount} ${currency ?? ''}`),
  asn: ({ asn }) => String(asn ?? ''),
} satisfies Record<string, (facts: Facts) => string>;

export type Part = keyof typeof keys | `fields.${string}`;

/** The parts in which two differ. */
export function differences(one: Facts, other: Facts): Part[] {
  const own = (Object.keys(keys) as (keyof typeof keys)[]).filter((part) => keys[part](one) !== keys[part](other));
  const ids = new Set([...Object.keys(one.fields), ...Object.keys(other.fields)]);
  const custom = [...ids].filter((id) => (one.fields[id] ?? null) !== (other.fields[id] ?? null));
  return [...own, ...custom.map((id): Part => `fields.${id}`)];
}

/** `facts` with some parts of another. */
export function withParts(facts: Facts, other: Facts, parts: readonly Part[]): Facts {
  const mixed: Facts = { ...facts, fields: { ...facts.fields } };
  for (const part of parts) {
    if (part.startsWith('fields.')) {
      const id = part.slice('fields.'.length);
      mixed.fields = { ...mixed.fields, [id]: other.fields[id] ?? null };
    } else if (part === 'amount') Object.assign(mixed, { amount: other.amount, currency: other.currency });
    else Object.assign(mixed, { [part]: other[part as keyof Facts] });
  }
  return mixed;
}

type Input = Omit<SaveFactsMutationVariables['input'], 'id' | 'revision'>;

/** What has to be sent so that `before` becomes `after`; nothing else is touched. */
export function changesOf(before: Facts, after: Facts, fields: readonly CustomField[]): Input {
  const parts = new Set(differences(before, after));
  const values = [...parts].flatMap((part) => {
    if (!part.startsWith('fields.')) return [];
    const fieldId = part.slice('fields.'.length);
    const text = after.fields[fieldId] ?? null;
    const kind = fields.find(({ id }) => id === fieldId)?.kind;
    return [{ fieldId, value: kind === 'BOOLEAN' && text !== null ? text === 'true' : text }];
  });
  return {
    ...(parts.has('title') && { title: after.title }),
    ...(parts.has('type') && { typeId: after.type?.id ?? null }),
    ...(parts.has('correspondent') && { correspondentId: after.correspondent?.id ?? null }),
    ...(parts.has('tags') && { tagIds: after.tags.map(({ id }) => id) }),
    ...(parts.has('documentDate') && { documentDate: after.documentDate }),
    ...(parts.has('amount') && {
      amount: after.amount,
      currency: after.amount === null ? null : after.currency,
    }),
    ...(parts.has('asn') && { asn: after.asn }),
    ...(values.length > 0 && { fields: values }),
  };
}
