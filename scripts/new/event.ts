import { addToManifest } from './entity.js';
import { namesOf, UsageError } from './names.js';
import type { Tree } from './tree.js';

export interface NewEvent {
  /** The module that writes it. */
  module: string;
  /** `<thing>.<what_happened>`, such as `shelf.emptied`. */
  name: string;
  /** True: also a subscription to the events of its things, `shelfEvents`. */
  withSubscription: boolean;
  /** True: also a notice to people, to be worded. */
  withNotice: boolean;
}

/** A new event, and a subscription to the events of its thing. Returns what is left to write. */
export function newEvent(tree: Tree, { module, name, withSubscription, withNotice }: NewEvent): string[] {
  const [, thing, happened] = /^([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)$/.exec(name) ?? [];
  if (!thing || !happened) throw new UsageError(`${name}: <thing>.<what_happened>, such as shelf.emptied`);
  const base = `src/modules/${module}`;
  const events = `${base}/events.ts`;
  if (!tree.has(events)) throw new UsageError(`There is no ${events}`);
  if (tree.read(events).includes(`'${name}'`)) throw new UsageError(`${events} has ${name} already`);
  tree.edit(events, (text) => text.replace(/^\}\);$/m, `  '${name}': payload<{ name: string }>(),\n});`));
  if (!/import \{[^}]*\bpayload,/.test(tree.read(events))) tree.addImport(events, 'payload', 'src/events/declare.ts');

  const names = namesOf(thing.replace(/(?:^|_)([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase()));
  const [entity] = tree.find(`${base}/**/${names.file}.entity.ts`);
  if (withSubscription) {
    if (!entity) throw new UsageError(`There is no ${base}/**/${names.file}.entity.ts to subscribe to`);
    const path = entity.replace(/\.entity\.ts$/, '-event.resolver.ts');
    const up = '../'.repeat(path.split('/').length - 2);
    tree.create(path, subscriptionText(names, up));
    addToManifest(tree, `${base}/module.ts`, 'resolvers', `${names.type}EventResolver`);
    tree.addImport(`${base}/module.ts`, `${names.type}EventResolver`, path);
  }
  if (withNotice) addNotice(tree, module, name);
  return [
    `what it carries: ${events}. Enough to decide who may still hear of a ${names.words} that is gone`,
    `the command that writes it, with its change: await emit(tx, ctx, '${name}', ['${names.type}', id], …)`,
    `who hears it on /ws beside who did it: \`hears\` in ${base}/module.ts`,
    withNotice
      ? `its type, recipients and words, in French and in English: ${base}/notices.ts`
      : `whom it notifies, if anybody: ${base}/notices.ts`,
    ...(withSubscription ? ['a row in test/access/rows/graphql-subscriptions.ts'] : []),
    'a test of the event, and of who hears it',
  ];
}

/** An entry of the module's notices, which are made when it has none. Nobody is told until it names recipients. */
function addNotice(tree: Tree, module: string, event: string): void {
  const path = `src/modules/${module}/notices.ts`;
  const manifest = `src/modules/${module}/module.ts`;
  if (!tree.has(path)) {
    const camelCase = module.replace(/(?:^|-)([a-z])/g, (_all, letter: string) => letter.toUpperCase());
    const name = `${namesOf(camelCase).field}Notices`;
    tree.create(
      path,
      `import type { Notices } from '../../kernel/notice.js';\n\nexport const ${name}: Notices = {\n};\n`,
    );
    tree.edit(manifest, (text) =>
      text.replace(/^(export const \w+: Module = \{\n  name: .*\n)/m, `$1  notices: ${name},\n`),
    );
    tree.addImport(manifest, name, path);
  }
  const entry = `  '${event}': ({ subjectId, data }, by) => ({
    type: 'system',
    recipients: [],
    fr: { title: data.name, message: \`\${data.name}\${by.fr}\` },
    en: { title: data.name, message: \`\${data.name}\${by.en}\` },
    link: \`/${event.split('.')[0]}/\${subjectId}\`,
  }),
`;
  tree.edit(path, (text) => text.replace(/^\};$/m, `${entry}};`));
}

const subscriptionText = ({ type, field, file, words }: ReturnType<typeof namesOf>, up: string): string =>
  `
import type { GraphQLResolveInfo } from 'graphql';
import {
  Ctx,
  Extensions,
  Field,
  FieldResolver,
  ID,
  Info,
  ObjectType,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { StoredEvent } from '${up}events/catalog.js';
import type { Context } from '${up}kernel/context.js';
import { AfterPosition, DeliveredEvent, deliveredOf, EventSubscription } from '${up}kernel/event-subscription.js';
import { ${type} } from './${file}.entity.js';
import { ${field}Reads } from './${file}.reads.js';

@ObjectType({ simpleResolvers: true, description: 'Something that happened to a ${words}.' })
class ${type}Event extends DeliveredEvent {
  @Field(() => ID, { description: 'Number of the ${words}, which may be gone by now.' })
  ${field}Id!: string;
}

@Resolver(() => ${type}Event)
export class ${type}EventResolver {
  @Extensions({ sharable: true })
  @Subscription(() => ${type}Event, {
    description: 'What happens to each ${words} that the viewer sees, in commit order, from now or after a position.',
    subscribe: ({ args, context }: { args: { after?: string | null }; context: Context }) =>
      new EventSubscription({
        after: args.after,
        subscriber: context.viewer,
        concerns: ({ subjectType }) => subjectType === '${type}',
        // Asked again for each event: the viewer may have lost the right to see it.
        mayHear: ({ subjectId }, current) => current.isVisible(${field}Reads, subjectId),
      }),
  })
  ${field}Events(
    @Root() event: StoredEvent,
    @AfterPosition _after?: string | null,
  ): ${type}Event {
    return { ...deliveredOf(event), ${field}Id: event.subjectId };
  }

  @Extensions({ sharable: true })
  @FieldResolver(() => ${type}, { nullable: true, description: 'The ${words} as it is now; null when it is gone.' })
  ${field}(
    @Root() { ${field}Id }: ${type}Event,
    @Ctx() { read }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<${type} | undefined> {
    return read.one(${field}Reads, ${field}Id, info);
  }
}
`.trimStart();
