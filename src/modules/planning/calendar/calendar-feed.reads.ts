import { column, type ListedReadModel, ownRows } from '../../../kernel/read-model.js';
import { CalendarFeed } from './calendar-feed.entity.js';

export const calendarFeedReads: ListedReadModel<CalendarFeed> = {
  entity: CalendarFeed,
  visibleTo: (viewer) => ownRows(viewer, 'owner_id'),
  list: { defaultOrder: 'CREATED_AT_ASC', orders: { CREATED_AT: column('created_at', 'timestamptz') }, filters: {} },
};
