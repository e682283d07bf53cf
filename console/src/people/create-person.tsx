import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAction, useGraph } from '../graph/use-graph';
import { useNamedByServer } from '../i18n/named-by-server';
import { useWords } from '../i18n/words';
import { NewPasswordField } from '../profile/new-password-field';
import { useMay } from '../session/session';
import { Button } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { textOf } from '../ui/form-values';
import { useRoleName } from '../ui/role-name';
import { tell } from '../ui/toast';
import { CreatePersonOperation, RoleListOperation } from './operations.gen';
import { words } from './words';

const names = ['firstName', 'lastName', 'email', 'username', 'password', 'roleIds'];

/** An account for somebody, with a first password that they change. */
export function CreatePerson({ onClose }: { onClose: () => void }) {
  const t = useWords(words);
  const named = useNamedByServer();
  const may = useMay();
  const roleName = useRoleName();
  const navigate = useNavigate();
  const [roleId, setRoleId] = useState<string | null>(null);
  const roles = useGraph(RoleListOperation, {}, { topics: ['people'], enabled: may('roles:read') });
  const create = useAction(CreatePersonOperation, {
    touches: ['people'],
    onDone: ({ createUser }) => {
      tell(t('personMade', { name: createUser?.user.fullName ?? '' }));
      onClose();
      if (createUser) void navigate({ to: '/people/$id', params: { id: createUser.user.id } });
    },
  });
  const submit = (values: FormData) =>
    create.run({
      input: {
        firstName: textOf(values, 'firstName'),
        lastName: textOf(values, 'lastName'),
        email: textOf(values, 'email') ?? '',
        username: textOf(values, 'username'),
        password: String(values.get('password')),
        roleIds: roleId ? [roleId] : null,
      },
    });
  return (
    <Dialog isOpen onClose={onClose} title={t('createPerson')}>
      <Form onSubmit={submit} error={create.error} names={names}>
        <div className="fields">
          <TextField name="firstName" label={t('firstName')} autoComplete="off" maxLength={100} autoFocus />
          <TextField name="lastName" label={t('lastName')} autoComplete="off" maxLength={100} />
          <TextField name="email" type="email" label={t('email')} autoComplete="off" maxLength={254} isRequired />
          <TextField name="username" label={t('username')} description={t('usernameHint')} autoComplete="off" />
          <NewPasswordField name="password" label={t('firstPassword')} />
          {may('roles:write') && (
            <Select
              label={t('role')}
              description={t('roleHint')}
              value={roleId}
              onChange={setRoleId}
              placeholder={roleName('user')}
              choices={(roles.data?.roles?.nodes ?? []).map(({ id, name, description }) => ({
                id,
                label: roleName(name),
                description: roleName(name) === name ? named(description) : name,
              }))}
            />
          )}
        </div>
        <DialogActions>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button type="submit" kind="primary" isPending={create.isRunning}>
            {t('createPerson')}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
