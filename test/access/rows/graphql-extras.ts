import { unique } from '../objects.js';
import { byId, change, graphqlCells as cells, type GraphqlRow, input, text } from '../row.js';

/** Versions, custom fields, saved views, share links, and the text of pictures. */
export const extraQueryRows: Record<string, GraphqlRow> = {
  documentVersionFile: {
    document: 'query ($id: ID!) { documentVersionFile(documentId: $id, number: 1) { name key } }',
    variables: ({ right, make }) => make.versioned(right),
    shows: text('filename'),
    expect: cells.ownRead,
  },
  customField: {
    document: byId('customField', 'name'),
    variables: ({ make }) => make.customField(),
    shows: text('name'),
    expect: cells.anyRead,
  },
  customFields: {
    document: '{ customFields(first: 100) { nodes { name } } }',
    variables: ({ make }) => make.customField(),
    shows: text('name'),
    expect: cells.anyRead,
  },
  savedView: {
    document: byId('savedView', 'name'),
    variables: ({ right, make }) => make.savedView(right),
    shows: text('name'),
    // The admin is a stranger to it too.
    expect: { ...cells.ownRead, admin: 'null' },
  },
  savedViews: {
    document: '{ savedViews(first: 100) { nodes { name } } }',
    variables: ({ right, make }) => make.savedView(right, { isShared: true }),
    shows: text('name'),
    expect: cells.anyRead,
  },
  sharedDocument: {
    document: 'query ($token: String!) { sharedDocument(token: $token) { title } }',
    variables: ({ right, make }) => make.shareLink(right),
    shows: text('title'),
    expect: cells.open,
  },
};

export const extraMutationRows: Record<string, GraphqlRow> = {
  replaceDocumentFile: {
    document: change('replaceDocumentFile', 'ReplaceDocumentFileInput', 'document { id }'),
    variables: input(async ({ right, make }) => ({
      id: (await make.document(right)).id,
      file: new File([unique('Texte')], 'lettre.txt'),
    })),
    expect: cells.ownWrite,
  },
  restoreDocumentVersion: {
    document: change('restoreDocumentVersion', 'RestoreDocumentVersionInput', 'document { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.versioned(right)).id, number: 1 })),
    expect: cells.ownWrite,
  },
  recogniseText: {
    // The tests have no tesseract: only who may ask is told so.
    document: change('recogniseText', 'RecogniseTextInput', 'document { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.document(right, { picture: true })).id })),
    expect: { ...cells.ownWrite, program: 'CONFLICT', right: 'CONFLICT', admin: 'CONFLICT' },
  },

  addDocumentNote: {
    document: change('addDocumentNote', 'AddDocumentNoteInput', 'note { id }'),
    variables: input(async ({ right, make }) => ({
      documentId: (await make.document(right)).id,
      text: unique('Note'),
    })),
    expect: cells.ownWrite,
  },
  deleteDocumentNote: {
    document: change('deleteDocumentNote', 'DeleteDocumentNoteInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.note(right)).id })),
    expect: cells.ownWrite,
  },

  setDocumentFields: {
    document: change('setDocumentFields', 'SetDocumentFieldsInput', 'document { id }'),
    variables: input(async ({ right, make }) => {
      const { id, fieldId } = await make.fieldValue(right);
      return { id, values: [{ fieldId, value: 'Nord' }] };
    }),
    expect: cells.ownWrite,
  },
  createCustomField: {
    who: ['custom_fields:write'],
    otherWho: 'moderator',
    document: change('createCustomField', 'CreateCustomFieldInput', 'customField { id }'),
    variables: input(() => ({ name: unique('Champ'), kind: 'TEXT' })),
    expect: cells.grantedWrite,
  },
  updateCustomField: {
    who: 'manager',
    document: change('updateCustomField', 'UpdateCustomFieldInput', 'customField { id }'),
    variables: input(async ({ make }) => ({ id: (await make.customField()).id, name: unique('Champ') })),
    expect: cells.grantedWrite,
  },
  deleteCustomField: {
    who: 'manager',
    document: change('deleteCustomField', 'DeleteCustomFieldInput', 'deletedId'),
    variables: input(async ({ make }) => ({ id: (await make.customField()).id })),
    expect: cells.grantedWrite,
  },

  createSavedView: {
    // Sharing is for who edits all documents.
    who: 'manager',
    document: change('createSavedView', 'CreateSavedViewInput', 'savedView { id }'),
    variables: input(() => ({ name: unique('Vue'), isShared: true })),
    expect: cells.grantedWrite,
  },
  updateSavedView: {
    document: change('updateSavedView', 'UpdateSavedViewInput', 'savedView { id }'),
    variables: input(async ({ right, make }) => ({
      id: (await make.savedView(right, { isShared: true })).id,
      name: unique('Vue'),
    })),
    expect: cells.grantedWrite,
  },
  deleteSavedView: {
    document: change('deleteSavedView', 'DeleteSavedViewInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.savedView(right, { isShared: true })).id })),
    expect: cells.grantedWrite,
  },

  createShareLink: {
    document: change('createShareLink', 'CreateShareLinkInput', 'shareLink { id }'),
    variables: input(async ({ right, make }) => ({ documentId: (await make.document(right)).id })),
    expect: cells.ownWrite,
  },
  revokeShareLink: {
    document: change('revokeShareLink', 'RevokeShareLinkInput', 'shareLink { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.shareLink(right)).id })),
    expect: cells.ownWrite,
  },
  openShareLink: {
    document: change('openShareLink', 'OpenShareLinkInput', 'name'),
    variables: input(async ({ right, make }) => ({ token: (await make.shareLink(right)).token })),
    expect: cells.open,
  },
};
