import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAction, useGraph } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Button } from '../ui/button';
import { Checkbox } from '../ui/checks';
import { ConfirmButton, Dialog } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { textOf } from '../ui/form-values';
import { Answer } from '../ui/page';
import { useRoleName } from '../ui/role-name';
import { SearchField } from '../ui/search-field';
import { complain, tell } from '../ui/toast';
import { useAllPermissions } from './all-permissions';
import {
  ChangeRoleOperation,
  DropRoleOperation,
  GrantOperation,
  RevokeOperation,
  RoleHoldersOperation,
  type RoleListQuery,
} from './operations.gen';
import { words } from './words';
import styles from './people.module.css';

type RoleFound = NonNullable<RoleListQuery['roles']>['nodes'][number];

/** One role: its words, what it allows (each tick counts at once), and who holds it. */
export function RoleDialog({ role, onClose }: { role: RoleFound; onClose: () => void }) {
  const t = useWords(words);
  const may = useMay();
  const roleName = useRoleName();
  const canChange = may('roles:write');
  const change = useAction(ChangeRoleOperation, { touches: ['people'], onDone: () => tell(t('saved')) });
  const drop = useAction(DropRoleOperation, {
    touches: ['people'],
    onDone: () => {
      tell(t('roleDeleted', { name: role.name }));
      onClose();
    },
    onError: complain,
  });
  const submit = (values: FormData) =>
    change.run({
      input: {
        id: role.id,
        description: textOf(values, 'description') ?? '',
        ...(!role.isSystem && { name: textOf(values, 'name') ?? '' }),
      },
    });
  return (
    <Dialog isOpen onClose={onClose} title={roleName(role.name)} size="side">
      <Form onSubmit={submit} error={change.error} names={['name', 'description']}>
        {!role.isSystem && <TextField name="name" label={t('name')} defaultValue={role.name} maxLength={50} />}
        <TextField
          name="description"
          label={t('description')}
          defaultValue={role.description}
          isReadOnly={!canChange}
          isMultiline
          rows={2}
        />
        {canChange && (
          <div className="row">
            <Button type="submit" size="small" isPending={change.isRunning}>
              {t('save')}
            </Button>
            {!role.isSystem && (
              <ConfirmButton
                size="small"
                title={t('deleteRoleTitle', { name: role.name })}
                text={t('deleteRoleText')}
                action={t('delete')}
                onConfirm={() => drop.run({ input: { id: role.id } })}
              >
                {t('delete')}
              </ConfirmButton>
            )}
          </div>
        )}
      </Form>
      <RolePermissions role={role} canChange={canChange} />
      <h3>{t('holders')}</h3>
      <Holders roleId={role.id} />
    </Dialog>
  );
}

function RolePermissions({ role, canChange }: { role: RoleFound; canChange: boolean }) {
  const t = useWords(words);
  const [search, setSearch] = useState('');
  const list = useAllPermissions();
  const touches = ['people', 'self'] as const;
  const grant = useAction(GrantOperation, { touches, onError: complain });
  const revoke = useAction(RevokeOperation, { touches, onError: complain });
  const held = new Set(role.permissions.map(({ id }) => id));
  return (
    <>
      <h3>{t('mayDo')}</h3>
      <SearchField label={t('searchPermissions')} onChange={setSearch} />
      <Answer of={list}>
        {() => (
          <ul className={styles.permissions}>
            {list.nodes
              .filter(({ name, description }) => `${name} ${description}`.toLowerCase().includes(search.toLowerCase()))
              .map(({ id, name, description }) => (
                <li key={id}>
                  <Checkbox
                    isSelected={held.has(id)}
                    isDisabled={!canChange}
                    description={description}
                    onChange={(isHeld) =>
                      void (isHeld ? grant : revoke).run({ input: { roleId: role.id, permissionId: id } })
                    }
                  >
                    <code>{name}</code>
                  </Checkbox>
                </li>
              ))}
          </ul>
        )}
      </Answer>
    </>
  );
}

function Holders({ roleId }: { roleId: string }) {
  const t = useWords(words);
  const query = useGraph(RoleHoldersOperation, { roleId }, { topics: ['people'] });
  return (
    <Answer of={query}>
      {({ roleAssignments }) =>
        roleAssignments?.nodes.length ? (
          <ul>
            {roleAssignments.nodes.map(({ id, user, scope }) => (
              <li key={id}>
                {user ? (
                  <Link to="/people/$id" params={{ id: user.id }} search={{ tab: 'roles', permission: undefined }}>
                    {user.fullName}
                  </Link>
                ) : (
                  '–'
                )}
                {scope !== '*' && ` (${scope})`}
              </li>
            ))}
          </ul>
        ) : (
          <p className="quiet">{t('noHolders')}</p>
        )
      }
    </Answer>
  );
}
