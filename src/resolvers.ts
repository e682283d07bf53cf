import type { NonEmptyArray } from 'type-graphql';
import { CorrespondentResolver } from './domain/documents/correspondent.resolver.js';
import { CustomFieldResolver } from './domain/documents/custom-field.resolver.js';
import { DocumentHistoryResolver } from './domain/documents/document-history.resolver.js';
import { DocumentVersionResolver } from './domain/documents/document-version.resolver.js';
import { SavedViewResolver } from './domain/documents/saved-view.resolver.js';
import { ShareLinkResolver } from './domain/documents/share-link.resolver.js';
import { DocumentMutationsResolver } from './domain/documents/document-mutations.resolver.js';
import { DocumentTypeResolver } from './domain/documents/document-type.resolver.js';
import { TagResolver } from './domain/documents/tag.resolver.js';
import { DocumentEventResolver } from './domain/documents/document-event.resolver.js';
import { DocumentResolver } from './domain/documents/document.resolver.js';
import { ApiTokenResolver } from './domain/identity/api-token.resolver.js';
import { RoleResolver } from './domain/identity/role.resolver.js';
import { SessionResolver } from './domain/identity/session.resolver.js';
import { UserResolver } from './domain/identity/user.resolver.js';
import { InvoiceResolver } from './domain/invoicing/invoice.resolver.js';

/** Every resolver of the core graph. */
export const resolvers: NonEmptyArray<Function> = [
  DocumentResolver,
  DocumentEventResolver,
  DocumentMutationsResolver,
  DocumentVersionResolver,
  DocumentHistoryResolver,
  CustomFieldResolver,
  SavedViewResolver,
  ShareLinkResolver,
  DocumentTypeResolver,
  TagResolver,
  CorrespondentResolver,
  InvoiceResolver,
  UserResolver,
  RoleResolver,
  SessionResolver,
  ApiTokenResolver,
];
