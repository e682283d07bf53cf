import type { MayHear } from '../../../kernel/event-subscription.js';
import { isReader } from '../../../kernel/viewer.js';
import type { ViewEventData } from '../events.js';
import { savedViewReads } from './saved-view.reads.js';

/** Whoever sees the view, as of now, may hear of it; when it is taken from everybody, they all do. */
export const mayHearOfView: MayHear = ({ data, subjectId }, { viewer, isVisible }) => {
  if (!isReader(viewer)) return false;
  const { ownerId, wasShared = false } = data as ViewEventData;
  return wasShared || ownerId === viewer.userId || isVisible(savedViewReads, subjectId);
};
