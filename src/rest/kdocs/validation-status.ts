import { fromEnum } from '../engine/enum-words.js';
import type { ApprovalStatus } from './operations.gen.js';

/** Where the approval of a document stands, in K-Docs' words. */
export const kdocsStatuses = ['pending', 'approved', 'rejected', 'na'] as const;
type KdocsStatus = (typeof kdocsStatuses)[number];

/** The graph's words for the dialect's. */
export const approvalStatusOf = {
  pending: 'PENDING',
  approved: 'APPROVED',
  rejected: 'REJECTED',
  na: 'WITHDRAWN',
} as const satisfies Record<KdocsStatus, ApprovalStatus>;

export const statusOf = (status: ApprovalStatus): KdocsStatus => (status === 'WITHDRAWN' ? 'na' : fromEnum(status));
