import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import type { Connection, ListArgs } from '../../../kernel/connection.js';
import type { Context } from '../../../kernel/context.js';
import { deleted, DeletedPayload, payloadOf } from '../../../kernel/payload.js';
import { Planned } from '../../../kernel/planned.js';
import { requireSignedIn } from '../../../kernel/viewer.js';
import { Category } from './category.entity.js';
import {
  CategoryConnection,
  CategoryListArgs,
  CategoryPayload,
  CreateCategoryInput,
  DeleteCategoryInput,
  UpdateCategoryInput,
} from './category.inputs.js';
import { categoryReads } from './category.reads.js';
import { createCategory, deleteCategory, updateCategory } from './save-category.js';

const payload = payloadOf('category', categoryReads);

@Resolver(() => Category)
export class CategoryResolver {
  @Planned
  @Query(() => CategoryConnection, {
    description: 'The global categories, one’s own, and those of people with whom one shares an account.',
  })
  categories(
    @Ctx() { viewer, read }: Context,
    @Args(() => CategoryListArgs) args: ListArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Connection<Category>> {
    requireSignedIn(viewer);
    return read.list(categoryReads, args, info);
  }

  @Planned
  @Query(() => Category, {
    nullable: true,
    description: 'One category; null when there is none that the viewer may see.',
  })
  async category(
    @Ctx() { viewer, read }: Context,
    @Arg('id', () => ID, { description: 'Number of the category.' }) id: string,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Category | undefined> {
    requireSignedIn(viewer);
    return read.one(categoryReads, id, info);
  }

  @Mutation(() => CategoryPayload, { description: 'Makes a category of one’s own.' })
  async createCategory(
    @Ctx() ctx: Context,
    @Arg('input', () => CreateCategoryInput, { description: 'The category.' }) input: CreateCategoryInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CategoryPayload> {
    return payload(ctx, await createCategory(ctx, input), info);
  }

  @Mutation(() => CategoryPayload, { description: 'Changes a category of one’s own.' })
  async updateCategory(
    @Ctx() ctx: Context,
    @Arg('input', () => UpdateCategoryInput, { description: 'The changes.' }) input: UpdateCategoryInput,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CategoryPayload> {
    return payload(ctx, await updateCategory(ctx, input), info);
  }

  @Mutation(() => DeletedPayload, { description: 'Deletes a category of one’s own that nothing has.' })
  async deleteCategory(
    @Ctx() ctx: Context,
    @Arg('input', () => DeleteCategoryInput, { description: 'The category.' }) { id }: DeleteCategoryInput,
  ): Promise<DeletedPayload> {
    return deleted('Category', await deleteCategory(ctx, id));
  }
}
