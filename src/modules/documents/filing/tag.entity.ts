import { Collection, type Opt, type Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToMany, ManyToOne, OneToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { Document } from '../files/document.entity.js';
import { MatchingAlgorithm } from './matching-algorithm.js';

@ObjectType({ simpleResolvers: true, description: 'A label on documents, in a tree of at most five levels.' })
@Entity({ tableName: 'tags' })
export class Tag {
  @Field(() => ID, { description: 'Number of the tag.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => String, { description: 'Name, unique without regard to case.' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => String, { description: 'Colour as `#RRGGBB`.' })
  @Property({ type: 'text', default: '#6B7280' })
  color: string & Opt = '#6B7280';

  @Field(() => String, { description: 'Pattern for `matchingAlgorithm`.' })
  @Property({ type: 'text', default: '' })
  match: string & Opt = '';

  @Field(() => MatchingAlgorithm, { description: 'How documents for this tag are recognised.' })
  @Enum({ items: () => MatchingAlgorithm, default: MatchingAlgorithm.NONE })
  matchingAlgorithm: MatchingAlgorithm & Opt = MatchingAlgorithm.NONE;

  @Field(() => Tag, { nullable: true, description: 'The tag above in the tree.' })
  @ManyToOne({ entity: () => Tag, ref: true, nullable: true })
  parent?: Ref<Tag> | null;

  // In the graph: the connection `children` of tag.resolver.ts
  @OneToMany({ entity: () => Tag, mappedBy: 'parent' })
  children = new Collection<Tag>(this);

  @Field(() => Int, { description: 'Raised at each change: name it in an update to be told of changes meanwhile.' })
  @Property({ type: 'integer', default: 1 })
  version: number & Opt = 1;

  @Field(() => DateTime, { description: 'When the tag was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When the tag was last changed.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()', onUpdate: () => new Date() })
  updatedAt: Date & Opt = new Date();

  // In the graph: the connection `documents` of tag.resolver.ts
  @ManyToMany({ entity: () => Document, mappedBy: 'tags' })
  documents = new Collection<Document>(this);
}
