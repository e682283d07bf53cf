import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../../kernel/connection.js';
import { Category, CategoryType } from './category.entity.js';
import { categoryReads } from './category.reads.js';

export const CategoryConnection = connectionType('Category', () => Category);

@InputType({ description: 'Conditions on categories; all that are given must hold.' })
class CategoryFilter extends ListFilter {
  @Field(() => CategoryType, { nullable: true, description: 'Of this type.' })
  type?: CategoryType | null;

  @Field(() => Boolean, { nullable: true, description: 'True: those of people; false: the global ones.' })
  isCustom?: boolean | null;

  @Field(() => String, { nullable: true, description: 'With this text in its name, in any case.' })
  search?: string | null;
}

export const CategoryListArgs = listArgs('Category', categoryReads.list, CategoryFilter);

@InputType({ description: 'A new category of one’s own.' })
export class CreateCategoryInput {
  @Field(() => String, { description: 'Name: 1 to 100 characters.' })
  name!: string;

  @Field(() => CategoryType, { nullable: true, description: 'What it is for; expenses when absent.' })
  type?: CategoryType | null;

  @Field(() => String, { nullable: true, description: 'Colour as `#RRGGBB`; grey when absent.' })
  color?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of an icon: 1 to 50 characters; `tag` when absent.' })
  icon?: string | null;
}

@InputType({ description: 'Changes to a category of one’s own; what is absent or null stays.' })
export class UpdateCategoryInput {
  @Field(() => ID, { description: 'Number of the category.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Name: 1 to 100 characters.' })
  name?: string | null;

  @Field(() => CategoryType, { nullable: true, description: 'What it is for.' })
  type?: CategoryType | null;

  @Field(() => String, { nullable: true, description: 'Colour as `#RRGGBB`.' })
  color?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of an icon: 1 to 50 characters.' })
  icon?: string | null;
}

@InputType({ description: 'Which category.' })
export class DeleteCategoryInput {
  @Field(() => ID, { description: 'Number of the category.' })
  id!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A category after a change.' })
export class CategoryPayload {
  @Field(() => Category, { description: 'The category as it is now.' })
  category!: Category;
}
