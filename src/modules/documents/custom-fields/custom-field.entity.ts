import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { DocumentType } from '../filing/document-type.entity.js';

export enum CustomFieldKind {
  TEXT = 'text',
  INTEGER = 'integer',
  DECIMAL = 'decimal',
  DATE = 'date',
  BOOLEAN = 'boolean',
  URL = 'url',
  CHOICE = 'choice',
}

registerEnumType(CustomFieldKind, {
  name: 'CustomFieldKind',
  description: 'What values a custom field takes.',
  valuesConfig: {
    TEXT: { description: 'At most 1000 characters.' },
    INTEGER: { description: 'A whole number of at most 15 digits.' },
    DECIMAL: { description: 'A number of at most 15 digits and 6 decimals, kept exactly.' },
    DATE: { description: 'A day such as `2026-02-03`.' },
    BOOLEAN: { description: 'True or false.' },
    URL: { description: 'An address that begins with http:// or https://, at most 2000 characters.' },
    CHOICE: { description: 'One of the choices of the field.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description: 'Something that the firm wants to know of its documents beyond what every document has.',
})
@Entity({ tableName: 'custom_fields' })
export class CustomField {
  @Field(() => ID, { description: 'Number of the field.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => String, { description: 'Name, unique without regard to case.' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => CustomFieldKind, { description: 'What values it takes; never changes.' })
  @Enum({ items: () => CustomFieldKind })
  kind!: CustomFieldKind;

  @Field(() => [String], { description: 'The values of a CHOICE, in order; empty for the other kinds.' })
  @Property({ type: 'json', columnType: 'jsonb' })
  choices: string[] & Opt = [];

  @Field(() => DocumentType, { nullable: true, description: 'Only documents of this type have it; null: all.' })
  @ManyToOne({ entity: () => DocumentType, ref: true, nullable: true })
  documentType?: Ref<DocumentType> | null;

  @Field(() => Boolean, { description: 'Whether a document whose fields are set must have a value.' })
  @Property({ type: 'boolean', default: false })
  isRequired: boolean & Opt = false;

  @Field(() => Int, { description: 'Raised at each change: name it in an update to be told of changes meanwhile.' })
  @Property({ type: 'integer', default: 1 })
  version: number & Opt = 1;

  @Field(() => DateTime, { description: 'When it was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When it was last changed.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()', onUpdate: () => new Date() })
  updatedAt: Date & Opt = new Date();
}
