import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionType, listArgs, ListFilter } from '../../../kernel/connection.js';
import { DocumentFilter, DocumentOrder } from '../files/document.inputs.js';
import { SavedView } from './saved-view.entity.js';
import { savedViewReads } from './saved-view.reads.js';

export const SavedViewConnection = connectionType('SavedView', () => SavedView);

@InputType({ description: 'Conditions on saved views; all that are given must hold.' })
class SavedViewFilter extends ListFilter {}

export const SavedViewListArgs = listArgs('SavedView', savedViewReads.list, SavedViewFilter);

@ObjectType({
  simpleResolvers: true,
  description:
    'The conditions that a view keeps, by the names of `DocumentFilter`; null where there is none. One that the ' +
    'graph no longer takes is left out.',
})
export class SavedDocumentFilter extends DocumentFilter {
  @Field(() => Boolean, { description: 'True: documents without a type, which `typeId: null` asks for.' })
  isWithoutType!: boolean;

  @Field(() => Boolean, { description: 'True: documents without a correspondent, as `correspondentId: null`.' })
  isWithoutCorrespondent!: boolean;
}

@InputType({ description: 'What a saved view is, beside its name.' })
class ViewFactsInput {
  @Field(() => DocumentFilter, {
    nullable: true,
    description: 'The conditions, replaced as a whole; null: all documents.',
  })
  filter?: DocumentFilter | null;

  @Field(() => DocumentOrder, { nullable: true, description: 'Order of the documents; the newest first by default.' })
  orderBy?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether everybody sees it; needs the permission documents:write. False by default.',
  })
  isShared?: boolean | null;
}

@InputType({ description: 'A new saved view.' })
export class CreateSavedViewInput extends ViewFactsInput {
  @Field(() => String, { description: 'Name, unique among one’s views without regard to case.' })
  name!: string;
}

@InputType({ description: 'Changes to a saved view. What is absent stays as it is.' })
export class UpdateSavedViewInput extends ViewFactsInput {
  @Field(() => ID, { description: 'Number of the view.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'Name, unique among one’s views without regard to case.' })
  name?: string | null;
}

@InputType({ description: 'Which saved view.' })
export class DeleteSavedViewInput {
  @Field(() => ID, { description: 'Number of the saved view.' })
  id!: string;
}

@ObjectType({ description: 'A saved view after a change.' })
export class SavedViewPayload {
  @Field(() => SavedView, { description: 'The view as it is now.' })
  savedView!: SavedView;
}
