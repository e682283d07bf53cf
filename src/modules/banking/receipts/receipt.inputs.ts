import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { BigInteger, Upload, type UploadedFile } from '../../../kernel/scalars.js';
import { Receipt } from './receipt.entity.js';

@InputType({ description: 'A file that proves a transaction.' })
export class AddReceiptInput {
  @Field(() => ID, { description: 'Number of the transaction.' })
  transactionId!: string;

  @Field(() => Upload, {
    description: 'The file: it is filed as a document, or the document that has it already is linked.',
  })
  file!: UploadedFile;
}

@InputType({ description: 'A document of the archive that proves a transaction.' })
export class LinkReceiptInput {
  @Field(() => ID, { description: 'Number of the transaction.' })
  transactionId!: string;

  @Field(() => ID, {
    description: 'Number of a document that the viewer may change: whoever sees the transaction sees its file then.',
  })
  documentId!: string;
}

@InputType({ description: 'Which receipt.' })
export class RemoveReceiptInput {
  @Field(() => ID, { description: 'Number of the receipt.' })
  id!: string;

  @Field(() => ID, { nullable: true, description: 'The transaction that it must be of.' })
  transactionId?: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'A receipt that was added.' })
export class ReceiptPayload {
  @Field(() => Receipt, { description: 'The receipt.' })
  receipt!: Receipt;
}

@ObjectType({ simpleResolvers: true, description: 'What is known of the file of a receipt.' })
export class ReceiptFile {
  @Field(() => String, { description: 'Name that the file came with.' })
  name!: string;

  @Field(() => BigInteger, { description: 'Size in bytes.' })
  sizeBytes!: number;

  @Field(() => String, { description: 'Media type, found from the content and not from the name.' })
  mimeType!: string;

  @Field(() => String, { description: 'Key in the content store. Only the server itself can use it.' })
  key!: string;

  @Field(() => String, { description: 'SHA-256 of the file, in hex.' })
  contentHash!: string;

  @Field(() => String, { description: 'Path of the file on this server, for the same credentials.' })
  downloadUrl!: string;
}
