import { useNavigate, useSearch } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useAction, useGraph } from '../graph/use-graph';
import { useNamedByServer } from '../i18n/named-by-server';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Button, LinkButton } from '../ui/button';
import { ConfirmButton, Dialog, DialogActions } from '../ui/dialog';
import { Filters } from '../ui/filters';
import { Form, TextField } from '../ui/form';
import { textOf } from '../ui/form-values';
import { Badge } from '../ui/notice';
import { Answer, Card, EmptyState, Page } from '../ui/page';
import { SearchField } from '../ui/search-field';
import { Table } from '../ui/table';
import { complain, tell } from '../ui/toast';
import { useAllPermissions } from './all-permissions';
import {
  ChangePermissionOperation,
  DropPermissionOperation,
  MakePermissionOperation,
  type PermissionListQuery,
  RoleListOperation,
} from './operations.gen';
import { words } from './words';

type PermissionFound = NonNullable<PermissionListQuery['permissions']>['nodes'][number];

/** Everything that roles may allow. */
export function PermissionsPage() {
  const t = useWords(words);
  const named = useNamedByServer();
  const may = useMay();
  const { search = '' } = useSearch({ from: '/app/permissions' });
  const navigate = useNavigate({ from: '/permissions' });
  const [edited, setEdited] = useState<PermissionFound | 'new'>();
  const list = useAllPermissions();
  const roles = useGraph(RoleListOperation, {}, { topics: ['people'] });
  const drop = useAction(DropPermissionOperation, {
    touches: ['people'],
    onDone: () => tell(t('permissionDeleted')),
    onError: complain,
  });
  const rolesWith = (id: string) =>
    (roles.data?.roles?.nodes ?? []).filter(({ permissions }) => permissions.some((each) => each.id === id));
  return (
    <Page
      title={t('permissions')}
      lead={t('permissionsLead')}
      actions={
        <>
          {may('roles:write') && (
            <Button kind="primary" onPress={() => setEdited('new')}>
              <Plus size={18} aria-hidden />
              {t('makePermission')}
            </Button>
          )}
          <LinkButton to="/roles">{t('roles')}</LinkButton>
        </>
      }
    >
      <Filters>
        <SearchField
          label={t('searchPermissions')}
          defaultValue={search}
          onChange={(typed) => void navigate({ search: { search: typed || undefined }, replace: true })}
        />
      </Filters>
      <Card isFlush>
        <Answer of={list}>
          {() => (
            <Table
              label={t('permissions')}
              items={list.nodes.filter(({ name, description }) =>
                `${name} ${named(description)}`.toLowerCase().includes(search.toLowerCase()),
              )}
              empty={<EmptyState title={t('none')} />}
              columns={[
                { id: 'name', title: t('name'), isName: true, cell: ({ name }) => <code>{name}</code> },
                { id: 'what', title: t('description'), isExtra: true, cell: ({ description }) => named(description) },
                {
                  id: 'roles',
                  title: t('roles'),
                  isExtra: true,
                  cell: ({ id }) => (
                    <span className="row">
                      {rolesWith(id).map((role) => (
                        <Badge key={role.id}>{role.name}</Badge>
                      ))}
                    </span>
                  ),
                },
                {
                  id: 'actions',
                  title: t('actions'),
                  cell: (permission) =>
                    may('roles:write') &&
                    !permission.isSystem && (
                      <span className="row">
                        <Button size="small" kind="quiet" onPress={() => setEdited(permission)}>
                          {t('edit')}
                        </Button>
                        <ConfirmButton
                          size="small"
                          kind="quiet"
                          title={t('deletePermissionTitle', { name: permission.name })}
                          text={t('deletePermissionText')}
                          action={t('delete')}
                          onConfirm={() => drop.run({ input: { id: permission.id } })}
                        >
                          {t('delete')}
                        </ConfirmButton>
                      </span>
                    ),
                },
              ]}
            />
          )}
        </Answer>
      </Card>
      {edited && <PermissionForm permission={edited} onClose={() => setEdited(undefined)} />}
    </Page>
  );
}

function PermissionForm({ permission, onClose }: { permission: PermissionFound | 'new'; onClose: () => void }) {
  const t = useWords(words);
  const done = {
    touches: ['people'] as const,
    onDone: () => {
      tell(t('saved'));
      onClose();
    },
  };
  const make = useAction(MakePermissionOperation, done);
  const change = useAction(ChangePermissionOperation, done);
  const old = permission === 'new' ? undefined : permission;
  const action = old ? change : make;
  const submit = (values: FormData) => {
    const input = {
      resource: textOf(values, 'resource') ?? '',
      action: textOf(values, 'action') ?? '',
      description: textOf(values, 'description') ?? '',
    };
    return old ? change.run({ input: { id: old.id, ...input } }) : make.run({ input });
  };
  return (
    <Dialog isOpen onClose={onClose} title={old?.name ?? t('makePermission')} size="small">
      <Form onSubmit={submit} error={action.error} names={['resource', 'action', 'description']}>
        <TextField
          name="resource"
          label={t('resource')}
          description={t('resourceHint')}
          defaultValue={old?.resource ?? ''}
          isRequired
          autoFocus
        />
        <TextField
          name="action"
          label={t('action')}
          description={t('actionHint')}
          defaultValue={old?.action ?? ''}
          isRequired
        />
        <TextField name="description" label={t('description')} defaultValue={old?.description ?? ''} />
        <DialogActions>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button type="submit" kind="primary" isPending={action.isRunning}>
            {t('save')}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
