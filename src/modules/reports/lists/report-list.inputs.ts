import { Field, ObjectType, registerEnumType } from 'type-graphql';

export enum ReportColumn {
  ID = 'id',
  TITLE = 'title',
  DESCRIPTION = 'description',
  KIND = 'kind',
  STATUS = 'status',
  AUTHOR = 'author',
  CLIENT = 'client',
  INTERVENTION = 'intervention',
  INTERVENTION_KIND = 'intervention_kind',
  CREATED_AT = 'created_at',
  GENERATED_AT = 'generated_at',
  SIZE = 'size',
  MIME_TYPE = 'mime_type',
  VERSION = 'version',
}

registerEnumType(ReportColumn, {
  name: 'ReportColumn',
  description: 'A column of a list of reports that is handed on.',
  valuesConfig: {
    ID: { description: 'UUID of the report.' },
    TITLE: { description: 'Its title.' },
    DESCRIPTION: { description: 'What it says in short.' },
    KIND: { description: 'What it is about.' },
    STATUS: { description: 'Where it stands.' },
    AUTHOR: { description: 'Who stands for it.' },
    CLIENT: { description: 'Name of the client; empty for whoever may not see clients.' },
    INTERVENTION: { description: 'UUID of the intervention.' },
    INTERVENTION_KIND: { description: 'What was done; empty for whoever may not see interventions.' },
    CREATED_AT: { description: 'When it was made.' },
    GENERATED_AT: { description: 'When its file was made.' },
    SIZE: { description: 'Size of the file in bytes.' },
    MIME_TYPE: { description: 'Media type of the file.' },
    VERSION: { description: 'How often it was changed.' },
  },
});

export enum ReportListFormat {
  CSV = 'csv',
  XLSX = 'xlsx',
  PDF = 'pdf',
}

registerEnumType(ReportListFormat, {
  name: 'ReportListFormat',
  description: 'What the file of a list of reports is.',
  valuesConfig: {
    CSV: { description: 'Text, separated by semicolons.' },
    XLSX: { description: 'Excel.' },
    PDF: { description: 'PDF.' },
  },
});

@ObjectType({ simpleResolvers: true, description: 'A list of reports as a file.' })
export class ReportListFile {
  @Field(() => String, { description: 'Name for saving it.' })
  name!: string;

  @Field(() => String, { description: 'Media type.' })
  mimeType!: string;

  @Field(() => String, { description: 'The file, in base64.' })
  contentBase64!: string;
}
