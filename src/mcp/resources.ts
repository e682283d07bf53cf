import { type GraphQLSchema, printSchema, printType } from 'graphql';
import { memoized } from '../lib/memoized.js';
import type { ToolCall, ToolResult } from './call-tool.js';
import type { ToolSet } from './tools.js';

/** What there is to read beside the tools. */
export const resources = [
  {
    uri: 'passerelle://schema',
    name: 'schema',
    title: 'The schema of the graph',
    description: 'The whole schema in SDL. It is long: one type at a time is at passerelle://types/{name}.',
    mimeType: 'application/graphql',
  },
];

export const resourceTemplates = [
  {
    uriTemplate: 'passerelle://types/{name}',
    name: 'type',
    title: 'A type of the graph',
    description: 'One type of the schema in SDL, such as Document or InvoiceStatus.',
    mimeType: 'application/graphql',
  },
  {
    uriTemplate: 'passerelle://documents/{id}',
    name: 'document',
    title: 'The text of a document',
    description: 'What was read or recognised in the file of the document with this number.',
    mimeType: 'text/plain',
  },
];

export interface ResourceContent {
  uri: string;
  mimeType: string;
  text: string;
}

/** Texts of documents are bounded where they are read from files; this is more. */
const maxTextBytes = 8 * 1024 * 1024;

const printOnce = memoized((schema: GraphQLSchema) => printSchema(schema));

/** Resolves to undefined when there is no such resource, or the viewer may not see it. */
export async function readResource(
  uri: string,
  schema: GraphQLSchema,
  tools: ToolSet,
  call: (call: Pick<ToolCall, 'tool' | 'arguments' | 'maxResultBytes'>) => Promise<ToolResult>,
): Promise<ResourceContent | undefined> {
  const [, kind, name = ''] = /^passerelle:\/\/(schema|types|documents)(?:\/([\w-]{1,100}))?$/.exec(uri) ?? [];
  if (kind === 'schema') return name ? undefined : { uri, mimeType: 'application/graphql', text: printOnce(schema) };
  if (kind === 'types') {
    const type = schema.getType(name);
    return type && { uri, mimeType: 'application/graphql', text: printType(type) };
  }
  const tool = tools.find('read_document');
  if (kind !== 'documents' || !tool) return undefined;
  const { structuredContent } = await call({ tool, arguments: { id: name }, maxResultBytes: maxTextBytes });
  const content = (structuredContent['document'] as { content?: unknown } | null | undefined)?.content;
  return typeof content === 'string' ? { uri, mimeType: 'text/plain', text: content } : undefined;
}
