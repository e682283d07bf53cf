import type { ReadModel } from '../../../kernel/read-model.js';
import { visibleShareLinks } from '../files/document.policy.js';
import { ShareLink } from './share-link.entity.js';

export const shareLinkReads: ReadModel<ShareLink> = { entity: ShareLink, visibleTo: visibleShareLinks };
