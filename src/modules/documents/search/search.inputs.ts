import { ArgsType, Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { ListFilter, PageArgs, PageInfo } from '../../../kernel/connection.js';
import { DateTime, Decimal } from '../../../kernel/scalars.js';
import { Document } from '../files/document.entity.js';
import { Correspondent } from '../filing/correspondent.entity.js';
import { DocumentType } from '../filing/document-type.entity.js';
import { Tag } from '../filing/tag.entity.js';

@InputType({ description: 'Conditions on what is searched; all that are given must hold.' })
export class DocumentSearchFilter extends ListFilter {
  @Field(() => ID, { nullable: true, description: 'Of this type.' })
  typeId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of this correspondent.' })
  correspondentId?: string | null;

  @Field(() => [ID], { nullable: true, description: 'With all of these tags; at most 100.' })
  tagIds?: string[] | null;

  @Field(() => DateTime, { nullable: true, description: 'Filed at this moment or later.' })
  createdAfter?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Filed before this moment.' })
  createdBefore?: Date | null;

  @Field(() => Decimal, { nullable: true, description: 'Amount at least this.' })
  amountMin?: string | null;

  @Field(() => Decimal, { nullable: true, description: 'Amount at most this.' })
  amountMax?: string | null;
}

@ArgsType()
export class DocumentSearchArgs extends PageArgs {
  @Field(() => String, {
    nullable: true,
    description:
      'French full text over title, file name, correspondent, tags and text, accents forgiven: words, "phrases", ' +
      '`word*`, `AND`/`ET`, `OR`/`OU`, `NOT`/`NON`/`-`, parentheses; `tag:`, `type:`, `from:`, `date:2026-01`, ' +
      '`after:`, `before:`, `asn:`, `amount:>100`, `amount:10..20`. What breaks these rules is searched for its ' +
      'words. Without it the filter alone decides.',
  })
  q?: string | null;

  @Field(() => DocumentSearchFilter, { nullable: true, description: 'Conditions.' })
  filter?: DocumentSearchFilter | null;
}

@ObjectType({ simpleResolvers: true, description: 'A document that was found.' })
export class DocumentSearchEdge {
  @Field(() => Document, { description: 'The document.' })
  node!: Document;

  @Field(() => String, { description: 'Place of the document in the result, as it is now.' })
  cursor!: string;

  @Field(() => Float, {
    nullable: true,
    description:
      'How well it fits: title before file name and correspondent, tags, text. Null when the query has no words.',
  })
  score!: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Passages of its text as plain text, not HTML: each word that was searched for lies between U+E000 and ' +
      'U+E001, which occur nowhere else in it. Split there, escape the parts, then mark them. Null for a document ' +
      'without text.',
  })
  snippet!: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'How many of the documents found are of a correspondent.' })
export class CorrespondentFacet {
  @Field(() => Correspondent, { description: 'The correspondent.' })
  correspondent!: Correspondent;

  @Field(() => Int, { description: 'Documents found.' })
  count!: number;
}

@ObjectType({ simpleResolvers: true, description: 'How many of the documents found are of a type.' })
export class DocumentTypeFacet {
  @Field(() => DocumentType, { description: 'The type.' })
  type!: DocumentType;

  @Field(() => Int, { description: 'Documents found.' })
  count!: number;
}

@ObjectType({ simpleResolvers: true, description: 'How many of the documents found bear a tag.' })
export class TagFacet {
  @Field(() => Tag, { description: 'The tag.' })
  tag!: Tag;

  @Field(() => Int, { description: 'Documents found.' })
  count!: number;
}

@ObjectType({
  simpleResolvers: true,
  description: 'The labels that most documents of the whole result bear.',
})
export class SearchFacets {
  @Field(() => [CorrespondentFacet], { description: 'Correspondents, at most 20.' })
  correspondents!: CorrespondentFacet[];

  @Field(() => [DocumentTypeFacet], { description: 'Document types, at most 20.' })
  types!: DocumentTypeFacet[];

  @Field(() => [TagFacet], { description: 'Tags, at most 20.' })
  tags!: TagFacet[];
}

@ObjectType({
  simpleResolvers: true,
  description: 'A page of documents that were found, best first, ties newest first.',
})
export class DocumentSearchConnection {
  @Field(() => [Document], { description: 'The documents.' })
  nodes!: Document[];

  @Field(() => [DocumentSearchEdge], { description: 'The documents with their scores and passages.' })
  edges!: DocumentSearchEdge[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'Documents in the whole result. Counted only when asked for.' })
  totalCount!: number;

  @Field(() => Boolean, {
    description:
      'True when more documents were found than are counted one by one, 10,000 unless the server is set otherwise: ' +
      '`totalCount` and the counts of the facets are then estimates, to two digits, and of a search for words the ' +
      'newest hits are ranked and paged through. To see others, narrow the search, or list `documents` with it.',
  })
  isEstimated!: boolean;

  @Field(() => SearchFacets, { description: 'Labels over the whole result. Counted only when asked for.' })
  facets!: SearchFacets;

  @Field(() => Float, { description: 'Seconds that finding them took.' })
  seconds!: number;
}

export enum SuggestionType {
  DOCUMENT = 'document',
  CORRESPONDENT = 'correspondent',
  TAG = 'tag',
}

registerEnumType(SuggestionType, {
  name: 'SuggestionType',
  description: 'Where a suggestion comes from.',
  valuesConfig: {
    DOCUMENT: { description: 'The title of a document.' },
    CORRESPONDENT: { description: 'The name of a correspondent.' },
    TAG: { description: 'The name of a tag.' },
  },
});

@ObjectType({ simpleResolvers: true, description: 'Something to search for.' })
export class SearchSuggestion {
  @Field(() => String, { description: 'A title or a name.' })
  text!: string;

  @Field(() => SuggestionType, { description: 'Where it comes from.' })
  type!: SuggestionType;
}
