import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../../../kernel/scalars.js';
import { User } from '../../identity/people/user.entity.js';
import { Document } from '../files/document.entity.js';

@ObjectType({
  simpleResolvers: true,
  description: 'An address under which anybody who knows it gets the file of a document.',
})
@Entity({ tableName: 'share_links' })
export class ShareLink {
  @Field(() => ID, { description: 'Number of the link.' })
  @PrimaryKey({ type: 'integer' })
  id!: number;

  @ManyToOne({ entity: () => Document, ref: true })
  document!: Ref<Document>;

  @Field(() => String, { description: 'First characters of the secret, to tell links apart.' })
  @Property({ type: 'text' })
  prefix!: string;

  @Field(() => Boolean, { description: 'Whether it asks for a password.' })
  @Property({ type: 'boolean', persist: false })
  hasPassword!: boolean & Opt;

  @Field(() => Int, {
    nullable: true,
    description: 'Number of the file that it opens, of the versions of its document; null: whichever is the latest.',
  })
  @Property({ type: 'integer', nullable: true })
  version?: number | null;

  @Field(() => DateTime, { nullable: true, description: 'When it ends; null: never.' })
  @Property({ type: 'timestamptz', nullable: true })
  expiresAt?: Date | null;

  @Field(() => Int, { nullable: true, description: 'How often the file may be fetched; null: any number of times.' })
  @Property({ type: 'integer', nullable: true })
  maxDownloads?: number | null;

  @Field(() => Int, { description: 'How often the file was fetched.' })
  @Property({ type: 'integer', default: 0 })
  downloads: number & Opt = 0;

  @Field(() => User, { nullable: true, description: 'Who made it; null when the viewer may not see that person.' })
  @ManyToOne({ entity: () => User, ref: true })
  createdBy!: Ref<User>;

  @Field(() => DateTime, { description: 'When it was made.' })
  @Property({ type: 'timestamptz' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When the file was last fetched.' })
  @Property({ type: 'timestamptz', nullable: true })
  lastUsedAt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was revoked; null while it holds.' })
  @Property({ type: 'timestamptz', nullable: true })
  revokedAt?: Date | null;
}
