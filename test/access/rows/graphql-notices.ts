import { change, graphqlCells as cells, type GraphqlRow, input, text } from '../row.js';

/** What people are told, what they find, and what is taken in. */
export const noticeQueryRows: Record<string, GraphqlRow> = {
  notifications: {
    document: '{ notifications(first: 100) { nodes { title message } } }',
    variables: ({ right, make }) => make.notification(right),
    shows: text('title'),
    without: ['other', 'admin'],
    expect: cells.anyRead,
  },
  unreadNotifications: { document: '{ unreadNotifications { count } }', expect: cells.anyRead },
  notificationPreferences: { document: '{ notificationPreferences { type byMail } }', expect: cells.anyRead },
  searchDocuments: {
    document: 'query ($title: String) { searchDocuments(q: $title) { totalCount nodes { title } } }',
    variables: ({ right, make }) => make.document(right),
    shows: text('title'),
    without: ['other'],
    expect: cells.anyRead,
  },
  searchSuggestions: {
    document: 'query ($title: String!) { searchSuggestions(q: $title) { text } }',
    variables: ({ right, make }) => make.document(right),
    shows: text('title'),
    without: ['other'],
    expect: cells.anyRead,
  },
  ingests: {
    who: 'manager',
    otherWho: 'lecteur',
    document: '{ ingests(first: 100) { nodes { name } } }',
    variables: async ({ right, make }) => make.ingest(right),
    shows: text('name'),
    expect: cells.grantedWrite,
  },
};

export const noticeMutationRows: Record<string, GraphqlRow> = {
  markNotificationRead: {
    document: change('markNotificationRead', 'MarkNotificationReadInput', 'notification { id }'),
    variables: input(async ({ right, make }) => ({ id: (await make.notification(right)).id })),
    expect: { ...cells.ownWrite, admin: 'NOT_FOUND' },
  },
  deleteNotification: {
    document: change('deleteNotification', 'DeleteNotificationInput', 'deletedId'),
    variables: input(async ({ right, make }) => ({ id: (await make.notification(right)).id })),
    expect: { ...cells.ownWrite, admin: 'NOT_FOUND' },
  },
  markAllNotificationsRead: {
    document: 'mutation { markAllNotificationsRead { changedCount } }',
    variables: ({ right, make }) => make.notification(right),
    expect: cells.anyWrite,
  },
  updateNotificationPreference: {
    usesUp: true,
    document: change(
      'updateNotificationPreference',
      'UpdateNotificationPreferenceInput',
      'notificationPreference { byMail }',
    ),
    variables: input(() => ({ type: 'SYSTEM', byMail: false })),
    expect: cells.anyWrite,
  },
};
