import { useNavigate, useSearch } from '@tanstack/react-router';
import { ShieldPlus } from 'lucide-react';
import { useState } from 'react';
import { useAction, useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useNamedByServer } from '../i18n/named-by-server';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Button, LinkButton } from '../ui/button';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { textOf } from '../ui/form-values';
import { Badge } from '../ui/notice';
import { Answer, Card, EmptyState, Page } from '../ui/page';
import { RoleName } from '../ui/role-name';
import { Table } from '../ui/table';
import { tell } from '../ui/toast';
import { MakeRoleOperation, RoleListOperation } from './operations.gen';
import { RoleDialog } from './role-dialog';
import { words } from './words';

/** What there is to hold. */
export function RolesPage() {
  const t = useWords(words);
  const named = useNamedByServer();
  const format = useFormat();
  const may = useMay();
  const [isMaking, setMaking] = useState(false);
  const { role: openId } = useSearch({ from: '/app/roles' });
  const navigate = useNavigate({ from: '/roles' });
  const open = (role?: string) => void navigate({ search: { role } });
  const query = useGraph(RoleListOperation, {}, { topics: ['people'] });
  return (
    <Page
      title={t('roles')}
      lead={t('rolesLead')}
      actions={
        <>
          {may('roles:write') && (
            <Button kind="primary" onPress={() => setMaking(true)}>
              <ShieldPlus size={18} aria-hidden />
              {t('makeRole')}
            </Button>
          )}
          <LinkButton to="/permissions">{t('permissions')}</LinkButton>
        </>
      }
    >
      <Card isFlush>
        <Answer of={query}>
          {({ roles }) => {
            const items = roles?.nodes ?? [];
            const opened = items.find(({ id }) => id === openId);
            return (
              <>
                <Table
                  label={t('roles')}
                  items={items}
                  onOpen={({ id }) => open(id)}
                  empty={<EmptyState title={t('none')} />}
                  columns={[
                    {
                      id: 'name',
                      title: t('name'),
                      isName: true,
                      cell: ({ name, isSystem }) => (
                        <span className="row">
                          <strong>
                            <RoleName name={name} />
                          </strong>
                          {isSystem && <Badge>{t('system')}</Badge>}
                        </span>
                      ),
                    },
                    {
                      id: 'what',
                      title: t('description'),
                      isExtra: true,
                      cell: ({ description }) => named(description),
                    },
                    {
                      id: 'permissions',
                      title: t('permissions'),
                      isNumber: true,
                      isExtra: true,
                      cell: ({ permissions }) => format.number(permissions.length),
                    },
                    {
                      id: 'people',
                      title: t('people'),
                      isNumber: true,
                      cell: ({ userCount }) => format.number(userCount),
                    },
                  ]}
                />
                {opened && <RoleDialog role={opened} onClose={() => open()} />}
              </>
            );
          }}
        </Answer>
      </Card>
      {isMaking && (
        <MakeRole
          onClose={() => setMaking(false)}
          onDone={(id) => {
            setMaking(false);
            open(id);
          }}
        />
      )}
    </Page>
  );
}

function MakeRole({ onClose, onDone }: { onClose: () => void; onDone: (id?: string) => void }) {
  const t = useWords(words);
  const make = useAction(MakeRoleOperation, {
    touches: ['people'],
    onDone: ({ createRole }) => {
      tell(t('roleMade'));
      onDone(createRole?.role.id);
    },
  });
  const submit = (values: FormData) =>
    make.run({ input: { name: textOf(values, 'name') ?? '', description: textOf(values, 'description') } });
  return (
    <Dialog isOpen onClose={onClose} title={t('makeRole')} size="small">
      <Form onSubmit={submit} error={make.error} names={['name', 'description']}>
        <TextField name="name" label={t('name')} description={t('roleNameHint')} maxLength={50} isRequired autoFocus />
        <TextField name="description" label={t('description')} isMultiline rows={2} maxLength={500} />
        <DialogActions>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button type="submit" kind="primary" isPending={make.isRunning}>
            {t('makeRole')}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
