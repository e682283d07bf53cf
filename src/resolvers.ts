import type { NonEmptyArray } from 'type-graphql';
import { CorrespondentResolver } from './domain/documents/correspondent.resolver.js';
import { DocumentMutationsResolver } from './domain/documents/document-mutations.resolver.js';
import { DocumentTypeResolver } from './domain/documents/document-type.resolver.js';
import { SearchResolver } from './domain/documents/search.resolver.js';
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
  DocumentTypeResolver,
  TagResolver,
  CorrespondentResolver,
  SearchResolver,
  InvoiceResolver,
  UserResolver,
  RoleResolver,
  SessionResolver,
  ApiTokenResolver,
];
