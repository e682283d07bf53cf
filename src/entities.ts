import { Correspondent } from './domain/documents/correspondent.entity.js';
import { DocumentType } from './domain/documents/document-type.entity.js';
import { Document } from './domain/documents/document.entity.js';
import { Tag } from './domain/documents/tag.entity.js';
import { ApiToken } from './domain/identity/api-token.entity.js';
import { Ingest } from './domain/ingests/ingest.entity.js';
import { Permission } from './domain/identity/permission.entity.js';
import { Role } from './domain/identity/role.entity.js';
import { Session } from './domain/identity/session.entity.js';
import { User } from './domain/identity/user.entity.js';
import { InvoiceLine } from './domain/invoicing/invoice-line.entity.js';
import { Invoice } from './domain/invoicing/invoice.entity.js';

/** Every entity. A new one is added here and gets a read model in `read-models.ts`. */
export const entities = [
  User, Role, Permission, Session, ApiToken,
  DocumentType, Correspondent, Tag, Document,
  Invoice, InvoiceLine,
  Ingest,
] as const;
