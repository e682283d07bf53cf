/**
 * Scaffolds: the mechanical part of the recipes in CONTRIBUTING.md. What a person must write is printed.
 *
 *   npm run new -- field <Entity> <name> <kind> [description]      text, integer, boolean, date, moment or amount
 *   npm run new -- entity <module>[/<folder>] <Entity> [--plural <Plural>] [--dialect <dialect>]
 *   npm run new -- event <module> <thing.what_happened> [--subscription] [--notice]
 *
 * Works in the folder where it is run. Files that exist are never written over; when a scaffold fails, nothing is
 * changed.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { newEntity } from './entity.js';
import { newEvent } from './event.js';
import { newField } from './field.js';
import { UsageError } from './names.js';
import { Tree } from './tree.js';

const usage = `npm run new -- field <Entity> <name> <kind> [description]
npm run new -- entity <module>[/<folder>] <Entity> [--plural <Plural>] [--dialect <dialect>]
npm run new -- event <module> <thing.what_happened> [--subscription] [--notice]`;

function scaffold(tree: Tree): string[] {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      plural: { type: 'string' },
      dialect: { type: 'string' },
      subscription: { type: 'boolean', default: false },
      notice: { type: 'boolean', default: false },
    },
  });
  const [what, first, second, third, ...others] = positionals;
  if (what === 'field' && first && second && third) {
    return newField(tree, {
      entity: first,
      name: second,
      kind: third,
      description: others.join(' ') || `The ${second}.`,
    });
  }
  if (what === 'entity' && first && second) {
    return newEntity(tree, { folder: first, entity: second, plural: values.plural, dialect: values.dialect });
  }
  if (what === 'event' && first && second) {
    return newEvent(tree, {
      module: first,
      name: second,
      withSubscription: values.subscription,
      withNotice: values.notice,
    });
  }
  throw new UsageError(usage);
}

const tree = new Tree(process.cwd());
try {
  const left = scaffold(tree);
  const { created, edited } = tree.save();
  const formatted = [...created, ...edited].filter((path) => path.endsWith('.ts'));
  const { status } = spawnSync('node_modules/.bin/oxfmt', formatted, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error('oxfmt failed');
  for (const path of created) console.log(`new      ${path}`);
  for (const path of edited) console.log(`changed  ${path}`);
  console.log(`\nThen \`npm run generate\`, and what is left:\n${left.map((each) => `- ${each}`).join('\n')}`);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
