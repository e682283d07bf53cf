import type { NonEmptyArray } from 'type-graphql';
import { DocumentEventResolver } from './domain/documents/document-event.resolver.js';
import { DocumentResolver } from './domain/documents/document.resolver.js';

/** Every resolver of the core graph. */
export const resolvers: NonEmptyArray<Function> = [
  DocumentResolver,
  DocumentEventResolver,
];
