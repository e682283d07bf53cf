import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Extensions, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql';
import { answeredByReader, type Connection, type ListArgs } from '../../kernel/connection.js';
import type { Context } from '../../kernel/context.js';
import { Planned } from '../../kernel/planned.js';
import { requirePermission } from '../../kernel/viewer.js';
import { Intervention } from '../interventions/intervention.entity.js';
import { type MediaFigures, mediaFigures } from './media-statistics.js';
import { findMediumFile, type StoredMedium } from './medium-file.js';
import { linkToMedium } from './medium-link.js';
import { MediaStatistics, MediumFile, MediumLinkInput, MediumVariant } from './medium-views.inputs.js';
import { Medium } from './medium.entity.js';
import { MediumConnection, type MediumFilter, MediumListArgs } from './medium.inputs.js';
import { mediumReads } from './medium.reads.js';

@Resolver(() => Medium)
export class MediumResolver {
  @Planned
  @Query(() => MediumConnection, {
    description: 'The files from the field that are not in the trash; needs `media:read`.',
  })
  media(
    @Ctx() { viewer, read }: Context,
    @Args(() => MediumListArgs) args: ListArgs<MediumFilter>,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Medium>> {
    requirePermission(viewer, 'media:read');
    return read.list(mediumReads, args, info);
  }

  @Planned
  @Query(() => Medium, {
    nullable: true,
    description: 'A file from the field; null when there is none. Needs `media:read`.',
  })
  async medium(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'UUID.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Medium | undefined> {
    requirePermission(viewer, 'media:read');
    return read.one(mediumReads, id, info);
  }

  @Query(() => MediumFile, {
    nullable: true,
    description:
      'Where a file from the field lies, or its thumbnail; null when there is none. Needs `media:read`, of the ' +
      'viewer or of whom the link was made for.',
  })
  mediumFile(
    @Ctx() ctx: Context,
    @Arg('id', () => ID, { description: 'UUID.' }) id: string,
    @Arg('variant', () => MediumVariant, { defaultValue: MediumVariant.FILE, description: 'What of it.' })
    variant: MediumVariant,
    @Arg('link', () => MediumLinkInput, { nullable: true, description: 'Of `fileUrl` or `thumbnailUrl`.' })
    link?: MediumLinkInput | null,
  ): Promise<StoredMedium | undefined> {
    return findMediumFile(ctx, { id, variant, link });
  }

  @Query(() => MediaStatistics, { description: 'How many files from the field there are, and what they take.' })
  mediaStatistics(@Ctx() ctx: Context): Promise<MediaFigures> {
    return mediaFigures(ctx);
  }

  @Extensions({ needs: ['id'] })
  @FieldResolver(() => String, {
    description: 'Address of the file, which opens without a header for an hour, as long as the viewer may see it.',
  })
  fileUrl(@Root() { id }: Medium, @Ctx() ctx: Context): string {
    return linkToMedium(ctx, id, MediumVariant.FILE);
  }

  @Extensions({ needs: ['id', 'thumbnailKey'] })
  @FieldResolver(() => String, {
    nullable: true,
    description: 'Address of a small JPEG, upright, as `fileUrl`; null for what has no picture.',
  })
  thumbnailUrl(@Root() { id, thumbnailKey }: Medium, @Ctx() ctx: Context): string | null {
    return thumbnailKey == null ? null : linkToMedium(ctx, id, MediumVariant.THUMBNAIL);
  }
}

@Resolver(() => Intervention)
export class MediaOfInterventionResolver {
  @FieldResolver(() => MediumConnection, {
    description: 'Photos, films, recordings and papers of it; empty without `media:read`.',
  })
  media(@Args(() => MediumListArgs) _args: ListArgs<MediumFilter>): Connection<Medium> {
    return answeredByReader();
  }
}
