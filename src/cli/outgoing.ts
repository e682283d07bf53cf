import { Command } from 'commander';
import { print } from './output.js';

interface OutgoingOptions {
  json?: boolean;
  verbose?: boolean;
}

export function outgoingCommand(): Command {
  const outgoing = new Command('outgoing').description(
    'Webhooks and mails that a restore holds, as nobody can know whether they were sent since the backup.',
  );
  for (const [name, says] of [
    ['list', 'Counts them.'],
    ['send', 'Sends them after all.'],
    ['discard', 'Gives them up; webhooks can still be replayed one by one.'],
  ] as const)
    outgoing.addCommand(
      new Command(name)
        .description(`${says} Works directly.`)
        .option('--json', 'print JSON')
        .action(async (_options: OutgoingOptions, command: Command) => {
          const options = command.optsWithGlobals<OutgoingOptions>();
          const { heldOutgoing } = await import('./held-outgoing.js');
          const { webhooks, mails } = await heldOutgoing(name, options);
          const did = { list: 'held', send: 'on their way', discard: 'given up' }[name];
          print(
            { webhooks, mails },
            { json: options.json, text: () => `${webhooks} webhooks and ${mails} mails ${did}\n` },
          );
        }),
    );
  return outgoing;
}
