import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Field, ID, Info, InputType, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { Context } from '../../../kernel/context.js';
import { payloadOf } from '../../../kernel/payload.js';
import { BigInteger, DateTime } from '../../../kernel/scalars.js';
import type { StoredFile } from '../files/document-file.js';
import { DocumentFile } from '../files/document-mutations.inputs.js';
import { createShareLink, revokeShareLink } from './manage-share-links.js';
import { findSharedFile, openShareLink, type SharedFile } from './open-share-link.js';
import { ShareLink } from './share-link.entity.js';
import { shareLinkReads } from './share-link.reads.js';

@InputType({ description: 'A new link to the file of a document.' })
class CreateShareLinkInput {
  @Field(() => ID, { description: 'Number of the document.' })
  documentId!: string;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: it opens whichever file the document has then; absent: the one that it has now.',
  })
  followsLatest?: boolean | null;

  @Field(() => DateTime, { nullable: true, description: 'When it ends; absent: never.' })
  expiresAt?: Date | null;

  @Field(() => String, { nullable: true, description: 'Password that it asks for, 8 to 200 characters.' })
  password?: string | null;

  @Field(() => Int, { nullable: true, description: 'How often the file may be fetched; absent: any number of times.' })
  maxDownloads?: number | null;
}

@InputType({ description: 'Names a share link.' })
class RevokeShareLinkInput {
  @Field(() => ID, { description: 'Number of the link.' })
  id!: string;
}

@InputType({ description: 'What the holder of a link has.' })
class OpenShareLinkInput {
  @Field(() => String, { description: 'The secret of the link.' })
  token!: string;

  @Field(() => String, { nullable: true, description: 'The password, when the link asks for one.' })
  password?: string | null;

  @Field(() => Boolean, {
    defaultValue: true,
    description: 'False: what would be downloaded is only looked at, and no download is used up.',
  })
  countsDownload!: boolean;
}

@ObjectType({ description: 'A share link after a change.' })
class ShareLinkPayload {
  @Field(() => ShareLink, { description: 'The link as it is now.' })
  shareLink!: ShareLink;
}

@ObjectType({ description: 'A new share link. Its secret is shown here and never again.' })
class CreateShareLinkPayload extends ShareLinkPayload {
  @Field(() => String, { description: 'The secret.' })
  token!: string;

  @Field(() => String, { description: 'The address to hand on, with the secret in it.' })
  url!: string;
}

@ObjectType({ description: 'What the holder of a share link may know of the document.' })
class SharedDocument {
  @Field(() => String, { description: 'Title of the document.' })
  title!: string;

  @Field(() => String, { description: 'Name of the file.' })
  filename!: string;

  @Field(() => String, { description: 'Media type of the file.' })
  mimeType!: string;

  @Field(() => BigInteger, { description: 'Size in bytes.' })
  sizeBytes!: number;

  @Field(() => DateTime, { nullable: true, description: 'When the link ends; null: never.' })
  expiresAt!: string | null;

  @Field(() => Boolean, { description: 'Whether the link asks for a password.' })
  hasPassword!: boolean;
}

const payload = payloadOf('shareLink', shareLinkReads);

@Resolver(() => ShareLink)
export class ShareLinkResolver {
  @Query(() => SharedDocument, {
    description: 'What a share link leads to, for whoever has its secret. NOT_FOUND once it has ended.',
  })
  sharedDocument(
    @Ctx() ctx: Context,
    @Arg('token', () => String, { description: 'The secret of the link.' }) token: string,
  ): Promise<SharedFile> {
    return findSharedFile(ctx, token);
  }

  @Mutation(() => DocumentFile, {
    description: 'Takes one download from a share link, for whoever has its secret and its password.',
  })
  openShareLink(
    @Ctx() ctx: Context,
    @Arg('input', () => OpenShareLinkInput, { description: 'Secret and password.' }) input: OpenShareLinkInput,
  ): Promise<StoredFile> {
    return openShareLink(ctx, input);
  }

  @Mutation(() => CreateShareLinkPayload, {
    description:
      'Makes a link to the file of a document for people without an account; at most 100 hold at a time. It holds as ' +
      'long as its maker may change the document.',
  })
  async createShareLink(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateShareLinkInput, { description: 'The document and the bounds of the link.' })
    input: CreateShareLinkInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CreateShareLinkPayload> {
    const { id, secret } = await createShareLink(ctx, input);
    const url = ctx.services.links.url('sharedDocument', { token: secret });
    return { token: secret, url, ...(await payload(ctx, id, info)) };
  }

  @Mutation(() => ShareLinkPayload, { description: 'Ends a share link at once.' })
  async revokeShareLink(
    @Ctx() ctx: Context,
    @Arg('input', () => RevokeShareLinkInput, { description: 'The link.' }) { id }: RevokeShareLinkInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ShareLinkPayload> {
    await revokeShareLink(ctx, id);
    return payload(ctx, id, info);
  }
}
