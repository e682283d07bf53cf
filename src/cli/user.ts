import { Command, Option } from 'commander';
import { note, print, table } from './output.js';
import { askFor, type Remote, type RemoteOptions, remoteOf, withRemoteOptions } from './remote.js';
import { readSecret } from './secret-input.js';

/** A person as the commands print them. */
export interface ListedUser {
  id: string;
  username: string;
  email: string;
  fullName: string | null;
  isActive: boolean;
  roles: string[];
}

export interface NewUser {
  username: string;
  email: string;
  firstName?: string;
  lastName?: string;
  roles: string[];
  password: string;
}

interface UserOptions extends RemoteOptions {
  json?: boolean;
  verbose?: boolean;
}

interface CreateOptions extends UserOptions {
  email: string;
  firstName?: string;
  lastName?: string;
  role: string[];
}

const way = 'Works directly or remotely (with the token of a session of an administrator).';

export function userCommand(): Command {
  const user = new Command('user').description('The people who may sign in.');
  user.addCommand(
    userAction('list', `Lists them. ${way}`).action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<UserOptions>();
      const remote = remoteOf(options);
      printUsers(remote ? await listRemotely(remote) : await (await inDatabase()).listUsers(options), options);
    }),
  );
  user.addCommand(
    userAction('create', `Makes an account; its password is asked for, or read from the standard input. ${way}`)
      .argument('<username>')
      .requiredOption('--email <address>')
      .option('--first-name <name>')
      .option('--last-name <name>')
      .addOption(
        new Option('--role <name>', 'of these roles, may be repeated; without it "user"')
          .default([])
          .argParser((name: string, before: string[]) => [...before, name]),
      )
      .action(async (username: string, _options: CreateOptions, command: Command) => {
        const { email, firstName, lastName, role, ...options } = command.optsWithGlobals<CreateOptions>();
        const remote = remoteOf(options);
        const password = await readSecret(`Password of ${username}`, { repeat: true });
        const roles = role.length > 0 ? role : ['user'];
        const wanted = {
          username,
          email,
          roles,
          password,
          ...(firstName && { firstName }),
          ...(lastName && { lastName }),
        };
        printUsers(
          [remote ? await createRemotely(remote, wanted) : await (await inDatabase()).createUser(wanted, options)],
          options,
        );
      }),
  );
  user.addCommand(
    userAction('reset-password', `Sets a password, which is asked for, and ends the person's sessions. ${way}`)
      .argument('<username>')
      .action(async (username: string, _options: UserOptions, command: Command) => {
        const options = command.optsWithGlobals<UserOptions>();
        const remote = remoteOf(options);
        const password = await readSecret(`New password of ${username}`, { repeat: true });
        if (remote) await changeRemotely(remote, username, { password });
        else await (await inDatabase()).resetPassword(username, password, options);
        note(`The password of ${username} is set; sessions of before are ended.`);
      }),
  );
  user.addCommand(
    new Command('reset-admin')
      .description(
        'Gives an administrator a new password, which is made and printed, and lets them in again. Works directly.',
      )
      .argument('[username]', 'without it the administrator of the first start')
      .option('--json', 'print JSON')
      .action(async (username: string | undefined, _options: UserOptions, command: Command) => {
        const options = command.optsWithGlobals<UserOptions>();
        const admin = await (await inDatabase()).resetAdmin(username, options);
        print(admin, {
          json: options.json,
          text: () =>
            table([
              ['Administrator', admin.username],
              ['Password', admin.password],
            ]),
        });
        note('The password is shown this once; sessions of before are ended.');
      }),
  );
  for (const [name, isActive, says] of [
    ['activate', true, 'Lets a person in again, also after too many failed logins.'],
    ['deactivate', false, 'Ends all credentials of a person; not of the last active administrator.'],
  ] as const)
    user.addCommand(
      userAction(name, `${says} ${way}`)
        .argument('<username>')
        .action(async (username: string, _options: UserOptions, command: Command) => {
          const options = command.optsWithGlobals<UserOptions>();
          const remote = remoteOf(options);
          if (remote) await changeRemotely(remote, username, { isActive });
          else await (await inDatabase()).setActive(username, isActive, options);
          note(`${username} is ${isActive ? 'active' : 'not active any more'}.`);
        }),
    );
  return user;
}

const userAction = (name: string, description: string): Command =>
  withRemoteOptions(new Command(name).description(description).option('--json', 'print JSON'));

const inDatabase = () => import('./user-directly.js');

const printUsers = (users: readonly ListedUser[], { json }: UserOptions): void =>
  print(users, {
    json,
    text: () =>
      table(
        users.map((u) => [
          u.id,
          u.username,
          u.email,
          u.fullName ?? '',
          u.isActive ? 'active' : '-',
          u.roles.join(', '),
        ]),
        ['id', 'username', 'e-mail', 'name', 'state', 'roles'],
      ),
  });

const fields = 'id username email fullName isActive roles { name }';
type Answered = Omit<ListedUser, 'roles'> & { roles: { name: string }[] };
const listed = ({ roles, ...user }: Answered): ListedUser => ({ ...user, roles: roles.map(({ name }) => name) });

async function listRemotely(remote: Remote): Promise<ListedUser[]> {
  const found: ListedUser[] = [];
  for (let after: string | null = null; ;) {
    const { users }: { users: { nodes: Answered[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } } =
      await askFor(
        remote,
        `query ($after: String) {
          users(first: 100, after: $after) { nodes { ${fields} } pageInfo { hasNextPage endCursor } }
        }`,
        { after },
      );
    found.push(...users.nodes.map(listed));
    if (!users.pageInfo.hasNextPage) return found;
    after = users.pageInfo.endCursor;
  }
}

async function createRemotely(remote: Remote, { roles, ...account }: NewUser): Promise<ListedUser> {
  const known = await askFor<{ roles: { nodes: { id: string; name: string }[] } }>(
    remote,
    '{ roles(first: 100) { nodes { id name } } }',
  );
  const roleIds = roles.map((name) => known.roles.nodes.find((role) => role.name === name)?.id ?? name);
  const { createUser } = await askFor<{ createUser: { user: Answered } }>(
    remote,
    `mutation ($input: CreateUserInput!) { createUser(input: $input) { user { ${fields} } } }`,
    { input: { ...account, roleIds } },
  );
  return listed(createUser.user);
}

async function changeRemotely(
  remote: Remote,
  username: string,
  change: { password: string } | { isActive: boolean },
): Promise<void> {
  const { id } = await findRemotely(remote, username);
  if ('password' in change)
    await askFor(remote, 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { user { id } } }', {
      input: { id, newPassword: change.password },
    });
  else if (change.isActive)
    await askFor(remote, 'mutation ($input: ActivateUserInput!) { activateUser(input: $input) { user { id } } }', {
      input: { id },
    });
  else
    await askFor(remote, 'mutation ($input: DeactivateUserInput!) { deactivateUser(input: $input) { user { id } } }', {
      input: { id },
    });
}

async function findRemotely(remote: Remote, username: string): Promise<{ id: string }> {
  const { users } = await askFor<{ users: { nodes: { id: string; username: string }[] } }>(
    remote,
    'query ($search: String!) { users(first: 100, filter: { search: $search }) { nodes { id username } } }',
    { search: username },
  );
  const found = users.nodes.find((user) => user.username.toLowerCase() === username.toLowerCase());
  if (!found) throw new Error(`There is no ${username}`);
  return found;
}
