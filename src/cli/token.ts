import { Command, InvalidArgumentError, Option } from 'commander';
import { wrongUsage } from './exit-codes.js';
import { note, print, table } from './output.js';
import { askFor, type RemoteOptions, remoteOf, withRemoteOptions } from './remote.js';

export interface ListedToken {
  id: string;
  /** User name of whom it acts for; null: whoever asks. */
  user: string | null;
  name: string;
  prefix: string;
  scopes: string[];
  createdAt: string;
  lastUsedAt: string | null;
  expiresAt: string | null;
  revokedAt: string | null;
}

interface TokenOptions extends RemoteOptions {
  user?: string;
  json?: boolean;
  verbose?: boolean;
}

interface CreateOptions extends TokenOptions {
  name: string;
  scope: string[];
  expires?: Date;
}

const way = 'Works directly, for anybody, or remotely with the token of a session, for oneself.';

export function tokenCommand(): Command {
  const token = new Command('token').description('API tokens, with which programs act for a person.');
  token.addCommand(
    tokenAction('create', `Makes a token and prints it, this once. ${way}`)
      .requiredOption('--name <name>', 'what to call it')
      .option('--user <username>', 'directly: for whom')
      .addOption(
        new Option('--scope <scope>', 'may be repeated; without it read and write')
          .choices(['read', 'write', 'admin', 'webhooks', 'integrations'])
          .default([])
          .argParser((scope: string, before: string[]) => [...before, scope]),
      )
      .addOption(new Option('--expires <time>', 'when it ends by itself, such as 2027-01-31').argParser(timeOf))
      .action(async (_options, command: Command) => {
        const options = command.optsWithGlobals<CreateOptions>();
        const { name, scope, expires } = options;
        const remote = remoteOf(options);
        const wanted = { name, scopes: scope.length > 0 ? scope : ['read', 'write'], expiresAt: expires ?? null };
        const made = remote
          ? await askFor<{ createApiToken: { token: string; apiToken: { id: string } } }>(
              remote,
              'mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { token apiToken { id } } }',
              { input: { ...wanted, scopes: wanted.scopes.map((each) => each.toUpperCase()) } },
            ).then(({ createApiToken: { token: secret, apiToken } }) => ({ id: apiToken.id, token: secret }))
          : await (await inDatabase()).createToken(userOf(options), wanted, options);
        print(made, { json: options.json, text: () => `${made.token}\n` });
        if (!options.json) note(`Token ${made.id}; it is not shown again.`);
      }),
  );
  token.addCommand(
    tokenAction('list', `Lists tokens, never their secrets. ${way}`)
      .option('--user <username>', 'directly: only those of this person')
      .action(async (_options, command: Command) => {
        const options = command.optsWithGlobals<TokenOptions>();
        const remote = remoteOf(options);
        const tokens = remote
          ? await askFor<{ apiTokens: Omit<ListedToken, 'user'>[] }>(
              remote,
              '{ apiTokens { id name prefix scopes createdAt lastUsedAt expiresAt revokedAt } }',
            ).then(({ apiTokens }) =>
              apiTokens.map((t) => ({ ...t, user: null, scopes: t.scopes.map((s) => s.toLowerCase()) })),
            )
          : await (await inDatabase()).listTokens(options.user, options);
        print(tokens, {
          json: options.json,
          text: () =>
            table(
              tokens.map((t) => [t.id, t.user ?? '', t.name, `${t.prefix}…`, t.scopes.join(','), stateOf(t)]),
              ['id', 'person', 'name', 'begins', 'scopes', 'state'],
            ),
        });
      }),
  );
  token.addCommand(
    tokenAction('revoke', `Ends a token at once. ${way}`)
      .argument('<id>', 'its number, as "token list" shows it')
      .action(async (id: string, _options, command: Command) => {
        const options = command.optsWithGlobals<TokenOptions>();
        const remote = remoteOf(options);
        if (remote)
          await askFor(
            remote,
            'mutation ($input: RevokeApiTokenInput!) { revokeApiToken(input: $input) { apiToken { id } } }',
            { input: { id } },
          );
        else await (await inDatabase()).revokeToken(id, options);
        note(`Token ${id} is ended.`);
      }),
  );
  return token;
}

const tokenAction = (name: string, description: string): Command =>
  withRemoteOptions(new Command(name).description(description).option('--json', 'print JSON'));

const inDatabase = () => import('./token-directly.js');

function userOf({ user }: TokenOptions): string {
  if (user === undefined) throw wrongUsage('--user says for whom; or --url asks a running server');
  return user;
}

function timeOf(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.valueOf())) throw new InvalidArgumentError('It is a time such as 2027-01-31.');
  return time;
}

const stateOf = ({ revokedAt, expiresAt }: ListedToken): string => {
  if (revokedAt) return 'revoked';
  if (!expiresAt) return 'holds';
  return new Date(expiresAt) <= new Date() ? 'expired' : `until ${expiresAt}`;
};
