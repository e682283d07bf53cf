import type { DocumentTypeDecoration, TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';

/**
 * An operation with its types, as GraphQL Code Generator, gql.tada and others make them: a document, or its text. Plain
 * text works too; its data is `unknown` then, unless the call says more.
 */
export type TypedDocument<Data, Variables> =
  | TypedDocumentNode<Data, Variables>
  | (InstanceType<StringConstructor> & DocumentTypeDecoration<Data, Variables>)
  | string;

/** The arguments after the document: variables may be left out where none is required. */
export type Given<Variables, Options> =
  Record<string, never> extends Variables
    ? [variables?: Variables, options?: Options]
    : [variables: Variables, options?: Options];

const printed = new WeakMap<object, string>();

export function textOf(document: TypedDocument<never, never>): string {
  if (typeof document === 'string' || document instanceof String) return String(document);
  const text = printed.get(document) ?? print(document);
  printed.set(document, text);
  return text;
}
