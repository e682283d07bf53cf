import { Command, InvalidArgumentError } from 'commander';
import { type RemoteOptions, requiredRemote, withRemoteOptions } from './remote.js';

export interface ListenOptions extends RemoteOptions {
  after?: string;
  count?: number;
  json?: boolean;
}

export const listenCommand = (): Command =>
  withRemoteOptions(
    new Command('listen')
      .description('Prints what happens, as it happens, until Ctrl-C. Works remotely, over /ws.')
      .argument('[types...]', 'only events of these types: exact names, prefix.* or *')
      .option('--after <position>', 'begin with what followed this event')
      .option('--count <n>', 'end after so many events', numberOf)
      .option('--json', 'print a JSON object a line: id, type, timestamp, data'),
  )
    .addHelpText(
      'after',
      `
After a cut it connects again by itself and goes on after the last event that it printed: none is lost or comes twice.
It ends with 3 when the credential is refused, and with 1 when what is to be resumed is no longer kept.

  passerelle listen 'document.*' invoice.settled --json
`,
    )
    .action(async (types: string[], _options: ListenOptions, command: Command) => {
      const options = command.optsWithGlobals<ListenOptions>();
      const { followEvents } = await import('./follow-events.js');
      await followEvents(requiredRemote(options), types, options);
    });

function numberOf(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It is a number from 1.');
  return number;
}
