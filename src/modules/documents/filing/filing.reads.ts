import {
  column,
  containing,
  equals,
  equalsOrNone,
  everyRow,
  type ListedReadModel,
  noRow,
  type Predicate,
} from '../../../kernel/read-model.js';
import type { Viewer } from '../../../kernel/viewer.js';
import { Correspondent } from './correspondent.entity.js';
import { DocumentType } from './document-type.entity.js';
import { Tag } from './tag.entity.js';

/** How documents are filed is common knowledge among those who may read at all. */
export const visibleToSignedIn = (viewer: Viewer): Predicate =>
  (viewer.userId !== undefined && viewer.scopes.has('read')) || viewer.permissions.has('*:*') ? everyRow : noRow;

const nameContains = (value: string, a: string, bind: (v: unknown) => string): string =>
  `${a}.name ilike ${bind(containing(value))}`;

export const documentTypeReads: ListedReadModel<DocumentType> = {
  entity: DocumentType,
  visibleTo: visibleToSignedIn,
  list: {
    defaultOrder: 'ID_ASC',
    orders: { ID: column('id', 'int'), CODE: column('code', 'text'), LABEL: column('label', 'text') },
    filters: { code: equals('code', 'text') },
  },
};

export const correspondentReads: ListedReadModel<Correspondent> = {
  entity: Correspondent,
  visibleTo: visibleToSignedIn,
  list: {
    defaultOrder: 'NAME_ASC',
    orders: { ID: column('id', 'int'), NAME: column('name', 'text'), CREATED_AT: column('created_at', 'timestamptz') },
    filters: { search: nameContains },
  },
};

export const tagReads: ListedReadModel<Tag> = {
  entity: Tag,
  visibleTo: visibleToSignedIn,
  list: {
    defaultOrder: 'NAME_ASC',
    orders: { ID: column('id', 'int'), NAME: column('name', 'text'), CREATED_AT: column('created_at', 'timestamptz') },
    filters: { search: nameContains, parentId: equalsOrNone('parent_id', 'int') },
  },
};
