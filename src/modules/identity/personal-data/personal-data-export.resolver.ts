import { Arg, Ctx, Field, ID, ObjectType, Query, Resolver } from 'type-graphql';
import type { Context } from '../../../kernel/context.js';
import { BigInteger, DateTime } from '../../../kernel/scalars.js';
import { exportPerson, type PersonalDataExport } from './export-person.js';

@ObjectType({ simpleResolvers: true, description: 'A file of an export.' })
class PersonalDataFile {
  @Field(() => String, { description: 'Path in the archive, such as `documents/12-facture.pdf`; the data name it so.' })
  name!: string;

  @Field(() => String, { description: 'Key in the content store.' })
  key!: string;

  @Field(() => BigInteger, { description: 'Size in bytes.' })
  sizeBytes!: number;
}

@ObjectType('PersonalDataExport', {
  simpleResolvers: true,
  description: 'All that is kept of a person, of one moment.',
})
class PersonalDataExportType {
  @Field(() => String, {
    description:
      'JSON: the person, roles, credentials without their secrets, invoices, documents with tags and shares, the ' +
      'access log.',
  })
  data!: string;

  @Field(() => [PersonalDataFile], {
    description: "The files of the person's documents, all of them: one for each that `data` names.",
  })
  files!: PersonalDataFile[];

  @Field(() => DateTime, { description: 'Of when it is.' })
  exportedAt!: Date;

  @Field(() => String, { description: 'Name to save the archive under.' })
  name!: string;

  @Field(() => String, { description: 'Path of the same as one zip on this server, for the same credentials.' })
  url!: string;
}

@Resolver()
export class PersonalDataExportResolver {
  @Query(() => PersonalDataExportType, {
    description:
      'All that is kept of a person: oneself, or as an administrator anybody. Tokens and keys are listed only in ' +
      'person.',
  })
  personalDataExport(
    @Ctx() ctx: Context,
    @Arg('userId', () => ID, { nullable: true, description: 'Number or UUID of the person; absent: oneself.' })
    userId?: string | null,
  ): Promise<PersonalDataExport> {
    return exportPerson(ctx, userId);
  }
}
