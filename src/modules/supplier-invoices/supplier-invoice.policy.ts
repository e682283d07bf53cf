import type { Predicate } from '../../kernel/read-model.js';
import type { Viewer } from '../../kernel/viewer.js';
import { visibleWithDocument } from '../documents/files/document.policy.js';

/** Seen with the document whose file it is; who may change that may mark it as paid. */
export const visibleSupplierInvoices = (viewer: Viewer): Predicate => visibleWithDocument(viewer);
