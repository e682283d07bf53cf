import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Ctx,
  Extensions,
  Field,
  FieldResolver,
  ID,
  Info,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import type { Context } from '../../../kernel/context.js';
import { payloadOf } from '../../../kernel/payload.js';
import { Upload, type UploadedFile } from '../../../kernel/scalars.js';
import { Intervention } from '../intervention.entity.js';
import { InterventionPayload } from '../intervention.inputs.js';
import { interventionReads } from '../intervention.reads.js';
import { signIntervention } from './sign-intervention.js';

@ObjectType({ simpleResolvers: true, description: 'The picture of a signature.' })
class SignatureFile {
  @Field(() => String, { description: 'Where it lies in the content store.' })
  key!: string;

  @Field(() => String, { description: 'Media type: that of PNG or JPEG.' })
  mimeType!: string;

  @Field(() => String, { description: 'Where to fetch it from this server, with a credential.' })
  downloadUrl!: string;
}

@InputType({ description: 'The signature of a client, taken on site.' })
class SignInterventionInput {
  @Field(() => ID, { description: 'UUID of the intervention.' })
  id!: string;

  @Field(() => String, { description: 'Who signed: 1 to 255 characters.' })
  name!: string;

  @Field(() => Upload, { description: 'A picture of the signature: PNG or JPEG, at most 2 MiB.' })
  image!: UploadedFile;
}

const payload = payloadOf('intervention', interventionReads);

@Resolver(() => Intervention)
export class SignatureResolver {
  @Extensions({ needs: ['id', 'signatureKey'] })
  @FieldResolver(() => SignatureFile, { nullable: true, description: 'The picture of the signature; null: none.' })
  signatureFile(
    @Root() { id, signatureKey: key }: Intervention,
    @Ctx() { services: { links } }: Context,
  ): SignatureFile | null {
    if (!key) return null;
    const mimeType = key.endsWith('.png') ? 'image/png' : 'image/jpeg';
    return { key, mimeType, downloadUrl: links.path('interventionSignature', { id }) };
  }

  @Mutation(() => InterventionPayload, {
    description: 'Keeps who signed for the client, and when; a signature takes the place of the one before.',
  })
  async signIntervention(
    @Ctx() ctx: Context,
    @Arg('input', () => SignInterventionInput, { description: 'The signature.' }) input: SignInterventionInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<InterventionPayload> {
    return payload(ctx, await signIntervention(ctx, input), info);
  }
}
