import { Collection, type Opt } from '@mikro-orm/core';
import { Entity, Enum, OneToMany, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { Document } from '../files/document.entity.js';
import { MatchingAlgorithm } from './matching-algorithm.js';

@ObjectType({ simpleResolvers: true, description: 'Whom a document comes from or goes to.' })
@Entity({ tableName: 'correspondents' })
export class Correspondent {
  @Field(() => ID, { description: 'Number of the correspondent.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @Field(() => String, { description: 'Name, unique without regard to case.' })
  @Property({ type: 'text' })
  name!: string;

  @Field(() => String, { description: 'Pattern for `matchingAlgorithm`.' })
  @Property({ type: 'text', default: '' })
  match: string & Opt = '';

  @Field(() => MatchingAlgorithm, { description: 'How documents of this correspondent are recognised.' })
  @Enum({ items: () => MatchingAlgorithm, default: MatchingAlgorithm.NONE })
  matchingAlgorithm: MatchingAlgorithm & Opt = MatchingAlgorithm.NONE;

  @Field(() => Int, { description: 'Raised at each change: name it in an update to be told of changes meanwhile.' })
  @Property({ type: 'integer', default: 1 })
  version: number & Opt = 1;

  @Field(() => DateTime, { description: 'When the correspondent was made.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()' })
  createdAt: Date & Opt = new Date();

  @Field(() => DateTime, { description: 'When the correspondent was last changed.' })
  @Property({ type: 'timestamptz', defaultRaw: 'now()', onUpdate: () => new Date() })
  updatedAt: Date & Opt = new Date();

  // In the graph: the connection `documents` of correspondent.resolver.ts
  @OneToMany({ entity: () => Document, mappedBy: 'correspondent' })
  documents = new Collection<Document>(this);
}
