import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import type { Connection, ListArgs } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../../kernel/payload.js';
import { Planned } from '../../../kernel/planned.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { DocumentPayload } from '../files/document-mutations.inputs.js';
import { documentReads } from '../files/document.reads.js';
import { CustomField } from './custom-field.entity.js';
import {
  CreateCustomFieldInput,
  DeleteCustomFieldInput,
  CustomFieldConnection,
  CustomFieldListArgs,
  CustomFieldPayload,
  SetDocumentFieldsInput,
  UpdateCustomFieldInput,
} from './custom-field.inputs.js';
import { customFieldReads } from './custom-field.reads.js';
import { createCustomField, deleteCustomField, updateCustomField } from './save-custom-field.js';
import { setDocumentFields } from './set-document-fields.js';

const payload = payloadOf('customField', customFieldReads);
const documentPayload = payloadOf('document', documentReads);

@Resolver(() => CustomField)
export class CustomFieldResolver {
  @Planned
  @Query(() => CustomFieldConnection, { description: 'All custom fields.' })
  customFields(
    @Ctx() { viewer, read }: Context,
    @Args(() => CustomFieldListArgs) args: ListArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<CustomField>> {
    requireSignedIn(viewer);
    return read.list(customFieldReads, args, info);
  }

  @Planned
  @Query(() => CustomField, { nullable: true, description: 'One custom field; null when there is none.' })
  async customField(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Number of the field.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CustomField | undefined> {
    requireSignedIn(viewer);
    return read.one(customFieldReads, id, info);
  }

  @Mutation(() => CustomFieldPayload, { description: 'Makes a custom field.' })
  async createCustomField(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateCustomFieldInput, { description: 'The field.' }) input: CreateCustomFieldInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CustomFieldPayload> {
    return payload(ctx, await createCustomField(ctx, input), info);
  }

  @Mutation(() => CustomFieldPayload, { description: 'Changes a custom field; its kind stays.' })
  async updateCustomField(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateCustomFieldInput, { description: 'The changes.' }) input: UpdateCustomFieldInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CustomFieldPayload> {
    return payload(ctx, await updateCustomField(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, {
    description: 'Deletes a custom field; one that documents have a value of only with `force`, values and all.',
  })
  async deleteCustomField(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteCustomFieldInput, { description: 'The field.' }) { id, force }: DeleteCustomFieldInput,
  ): Promise<DeletedPayload> {
    await deleteCustomField(ctx, id, force);
    return deleted('CustomField', id);
  }

  @Mutation(() => DocumentPayload, { description: 'Sets custom fields of a document.' })
  async setDocumentFields(
    @Ctx() ctx: Context,
    @Arg('input', () => SetDocumentFieldsInput, { description: 'The document and the values.' })
    input: SetDocumentFieldsInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<DocumentPayload> {
    await setDocumentFields(ctx, input);
    return documentPayload(ctx, input.id, info);
  }
}
