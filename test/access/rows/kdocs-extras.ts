import { unique } from '../objects.js';
import { restCells, type RestRow } from '../row.js';

const { open, anyRead, anyWrite, grantedWrite, ownRead, ownWrite } = restCells({ forbidden: 403 });
const api = '/kdocs/api';

/** Versions, history, custom fields, saved views, share links. A `lecteur` sees all documents and changes none. */
export const kdocsExtraRows: Record<string, RestRow> = {
  'PUT /kdocs/api/documents/:id/file': {
    expect: ownWrite(),
    request: async ({ right, make }) => {
      const body = new FormData();
      body.set('file', new Blob([unique('Avenant')]), 'avenant.txt');
      return { path: `${api}/documents/${(await make.document(right)).id}/file`, body };
    },
  },
  'GET /kdocs/api/documents/:id/view': {
    expect: ownRead(),
    request: async ({ right, make }) => {
      const { id, title } = await make.document(right);
      return { path: `${api}/documents/${id}/view`, shows: `Contrat ${title}` };
    },
  },
  'GET /kdocs/api/documents/:id/thumbnail': {
    expect: ownRead(),
    request: async ({ right, make }) => ({
      path: `${api}/documents/${(await make.document(right, { picture: true })).id}/thumbnail`,
      shows: 'PNG',
    }),
  },
  // The tests' server cannot recognise text.
  'POST /kdocs/api/documents/:id/ocr': {
    changes: false,
    expect: ownWrite(409),
    request: async ({ right, make }) => ({
      path: `${api}/documents/${(await make.document(right, { picture: true })).id}/ocr`,
    }),
  },
  'GET /kdocs/api/documents/:id/versions': {
    expect: ownRead(),
    request: async ({ right, make }) => {
      const { id, filename } = await make.versioned(right);
      return { path: `${api}/documents/${id}/versions`, shows: filename };
    },
  },
  'GET /kdocs/api/documents/:id/versions/:number/download': {
    expect: ownRead(),
    request: async ({ right, make }) => {
      const { id, title } = await make.versioned(right);
      return { path: `${api}/documents/${id}/versions/1/download`, shows: `Contrat ${title}` };
    },
  },
  'POST /kdocs/api/documents/:id/versions/:number/restore': {
    otherWho: 'lecteur',
    expect: grantedWrite(),
    request: async ({ right, make }) => ({
      path: `${api}/documents/${(await make.versioned(right)).id}/versions/1/restore`,
      json: {},
    }),
  },
  'GET /kdocs/api/documents/:id/history': {
    expect: ownRead(),
    request: async ({ right, make }) => ({
      path: `${api}/documents/${(await make.document(right)).id}/history`,
      shows: '"occurred_at"',
    }),
  },

  'GET /kdocs/api/custom-fields': {
    expect: anyRead(),
    request: async ({ make }) => ({
      path: `${api}/custom-fields?per_page=100`,
      shows: (await make.customField()).name,
    }),
  },
  'GET /kdocs/api/custom-fields/:id': {
    expect: anyRead(),
    request: async ({ make }) => {
      const { id, name } = await make.customField();
      return { path: `${api}/custom-fields/${id}`, shows: name };
    },
  },
  'POST /kdocs/api/custom-fields': {
    who: 'manager',
    expect: grantedWrite(201),
    request: () => ({ path: `${api}/custom-fields`, json: { name: unique('Champ'), type: 'text' } }),
  },
  'PUT /kdocs/api/custom-fields/:id': {
    who: ['custom_fields:write'],
    expect: grantedWrite(),
    request: async ({ make }) => ({
      path: `${api}/custom-fields/${(await make.customField()).id}`,
      json: { name: unique('Champ') },
    }),
  },
  'DELETE /kdocs/api/custom-fields/:id': {
    who: ['custom_fields:write'],
    expect: grantedWrite(),
    request: async ({ make }) => ({ path: `${api}/custom-fields/${(await make.customField()).id}` }),
  },
  'GET /kdocs/api/documents/:id/fields': {
    expect: ownRead(),
    request: async ({ right, make }) => {
      const { id, value } = await make.fieldValue(right);
      return { path: `${api}/documents/${id}/fields`, shows: value };
    },
  },
  'PUT /kdocs/api/documents/:id/fields': {
    otherWho: 'lecteur',
    expect: grantedWrite(),
    request: async ({ right, make }) => {
      const { id, fieldId } = await make.fieldValue(right);
      return {
        path: `${api}/documents/${id}/fields`,
        json: { fields: [{ field_id: Number(fieldId), value: 'Nord' }] },
      };
    },
  },

  'GET /kdocs/api/documents/:id/notes': {
    expect: ownRead(),
    request: async ({ right, make }) => {
      const { documentId, text } = await make.note(right);
      return { path: `${api}/documents/${documentId}/notes`, shows: text };
    },
  },
  'POST /kdocs/api/documents/:id/notes': {
    expect: ownWrite(201),
    request: async ({ right, make }) => ({
      path: `${api}/documents/${(await make.document(right)).id}/notes`,
      json: { note: unique('Note') },
    }),
  },
  'DELETE /kdocs/api/documents/:id/notes/:noteId': {
    expect: ownWrite(),
    request: async ({ right, make }) => {
      const { id, documentId } = await make.note(right);
      return { path: `${api}/documents/${documentId}/notes/${id}` };
    },
  },
  'GET /kdocs/api/saved-searches': {
    expect: anyRead(),
    without: ['other', 'admin'],
    request: async ({ right, make }) => ({
      path: `${api}/saved-searches`,
      shows: (await make.savedView(right)).name,
    }),
  },
  'POST /kdocs/api/saved-searches': {
    expect: anyWrite(201),
    request: () => ({ path: `${api}/saved-searches`, json: { name: unique('Recherche'), query: 'edf' } }),
  },
  'DELETE /kdocs/api/saved-searches/:id': {
    expect: { ...ownWrite(), admin: 404 },
    request: async ({ right, make }) => ({ path: `${api}/saved-searches/${(await make.savedView(right)).id}` }),
  },

  // What is not shared is its owner's alone, before an administrator too.
  'GET /kdocs/api/saved-views': {
    expect: anyRead(),
    without: ['other', 'admin'],
    request: async ({ right, make }) => ({
      path: `${api}/saved-views?per_page=100`,
      shows: (await make.savedView(right)).name,
    }),
  },
  'GET /kdocs/api/saved-views/:id': {
    expect: { ...ownRead(), admin: 404 },
    request: async ({ right, make }) => {
      const { id, name } = await make.savedView(right);
      return { path: `${api}/saved-views/${id}`, shows: name };
    },
  },
  // A shared view shows everybody what they may see anyway.
  'GET /kdocs/api/saved-views/:id/documents': {
    expect: anyRead(),
    without: ['other'],
    request: async ({ right, make }) => {
      const { title } = await make.document(right);
      return {
        path: `${api}/saved-views/${(await make.savedView(right, { isShared: true })).id}/documents`,
        shows: title,
      };
    },
  },
  'POST /kdocs/api/saved-views': {
    expect: anyWrite(201),
    request: () => ({ path: `${api}/saved-views`, json: { name: unique('Vue') } }),
  },
  'PUT /kdocs/api/saved-views/:id': {
    expect: { ...ownWrite(), admin: 404 },
    request: async ({ right, make }) => ({
      path: `${api}/saved-views/${(await make.savedView(right)).id}`,
      json: { name: unique('Vue') },
    }),
  },
  'DELETE /kdocs/api/saved-views/:id': {
    expect: { ...ownWrite(), admin: 404 },
    request: async ({ right, make }) => ({ path: `${api}/saved-views/${(await make.savedView(right)).id}` }),
  },

  // Who may not change a document, if only because the credential reads, is not told of its links.
  'GET /kdocs/api/documents/:id/share-links': {
    otherWho: 'lecteur',
    expect: anyRead(),
    without: ['readOnly', 'other'],
    request: async ({ right, make }) => {
      const { documentId, prefix } = await make.shareLink(right);
      return { path: `${api}/documents/${documentId}/share-links`, shows: prefix };
    },
  },
  'POST /kdocs/api/documents/:id/share-links': {
    otherWho: 'lecteur',
    expect: grantedWrite(201),
    request: async ({ right, make }) => ({
      path: `${api}/documents/${(await make.document(right)).id}/share-links`,
      json: {},
    }),
  },
  'DELETE /kdocs/api/share-links/:id': {
    otherWho: 'lecteur',
    expect: ownWrite(),
    request: async ({ right, make }) => ({ path: `${api}/share-links/${(await make.shareLink(right)).id}` }),
  },
  'GET /kdocs/api/shared/:token': {
    expect: open(),
    request: async ({ right, make }) => {
      const { token, title } = await make.shareLink(right);
      return { path: `${api}/shared/${token}`, shows: title };
    },
  },
  'GET /kdocs/api/shared/:token/download': {
    changes: true,
    expect: open(),
    request: async ({ right, make }) => {
      const { token, title } = await make.shareLink(right);
      return { path: `${api}/shared/${token}/download`, shows: `Contrat ${title}` };
    },
  },
  'POST /kdocs/api/shared/:token/download': {
    expect: open(),
    request: async ({ right, make }) => {
      const { token, title } = await make.shareLink(right);
      return { path: `${api}/shared/${token}/download`, json: {}, shows: `Contrat ${title}` };
    },
  },
  'GET /s/:token': {
    expect: open(),
    request: async ({ right, make }) => {
      const { token, title } = await make.shareLink(right);
      return { path: `/s/${token}`, shows: title };
    },
  },
  'POST /s/:token': {
    expect: open(),
    request: async ({ right, make }) => {
      const { token, title } = await make.shareLink(right);
      return { path: `/s/${token}`, form: {}, shows: `Contrat ${title}` };
    },
  },
};
