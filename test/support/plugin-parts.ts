import { type GraphCall, type SchemaPart } from '../../src/graph/plugins/schema-part.js';
import type { Context } from '../../src/kernel/context.js';

export type Answers = Readonly<Record<string, (call: GraphCall, context: Context) => unknown>>;

export interface PartOptions {
  id?: string;
  dependencies?: string[];
  /** By `Type.field`: what one parent resolves to, or throws. */
  answers?: Answers;
  /** Fields with a resolver that is not in `answers`. */
  resolvers?: Record<string, string[]>;
  subscriptions?: Record<string, { events: string[] }>;
  /** Gets every call. */
  calls?: GraphCall[];
}

/** A plugin without a process, for the schema. */
export function partOf(
  sdl: string,
  { id = 'crm', dependencies = [], answers = {}, resolvers = {}, subscriptions = {}, calls = [] }: PartOptions = {},
): SchemaPart {
  const named: Record<string, string[]> = structuredClone(resolvers);
  for (const path of Object.keys(answers)) {
    const [type, field] = path.split('.') as [string, string];
    if (type !== 'Subscription') (named[type] ??= []).push(field);
  }
  return {
    id,
    dependencies,
    contribution: { sdl, resolvers: named, subscriptions },
    hasLeft: () => false,
    mayDeliver: (type) => type.startsWith('document.') || type.startsWith('crm.'),
    call: async (call, context) => {
      calls.push(call);
      const type = call.kind === 'resolve' ? call.type : 'Subscription';
      const answer = answers[`${type}.${call.field}`];
      if (call.kind === 'deliver') return answer?.(call, context);
      return call.parents.map((parent) => answer?.({ ...call, parents: [parent] }, context));
    },
  };
}
