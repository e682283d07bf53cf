import { useNavigate, useSearch } from '@tanstack/react-router';
import { UserPlus, Users } from 'lucide-react';
import { useState } from 'react';
import { useGraph, useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Button, LinkButton } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { Filters } from '../ui/filters';
import { Badge } from '../ui/notice';
import { Answer, Card, EmptyState, More, Page } from '../ui/page';
import { useRoleName } from '../ui/role-name';
import { SearchField } from '../ui/search-field';
import { Table } from '../ui/table';
import { CreatePerson } from './create-person';
import { PeopleListOperation, RoleListOperation } from './operations.gen';
import { PersonState } from './person-state';
import { type peopleOrders, statuses } from './routes';
import { words } from './words';

const columnsOf = { FULL_NAME: 'name', USERNAME: 'username', LAST_LOGIN_AT: 'lastLogin' } as const;

/** Everybody who has an account. */
export function PeoplePage() {
  const t = useWords(words);
  const format = useFormat();
  const may = useMay();
  const roleName = useRoleName();
  const [isMaking, setMaking] = useState(false);
  const { search, status, role, order = 'FULL_NAME_ASC' } = useSearch({ from: '/app/people' });
  const navigate = useNavigate({ from: '/people' });
  const seek = (changes: Partial<{ search: string; status: string; role: string; order: string }>) =>
    void navigate({ search: (now) => ({ ...now, ...changes }) as typeof now, replace: true });
  const roles = useGraph(RoleListOperation, {}, { topics: ['people'], enabled: may('roles:read') });
  const list = useGraphList(
    PeopleListOperation,
    {
      orderBy: order,
      filter: { search: search ?? null, status: status ?? null, role: role ?? null },
    },
    { topics: ['people'], connectionOf: ({ users }) => users! },
  );
  const [, sorted = 'FULL_NAME', direction = 'ASC'] = /^(.*)_(ASC|DESC)$/.exec(order) ?? [];
  return (
    <Page
      title={t('people')}
      lead={t('peopleLead')}
      actions={
        <>
          {may('users:write') && (
            <Button kind="primary" onPress={() => setMaking(true)}>
              <UserPlus size={18} aria-hidden />
              {t('createPerson')}
            </Button>
          )}
          {may('roles:read') && <LinkButton to="/roles">{t('roles')}</LinkButton>}
        </>
      }
    >
      <Filters>
        <SearchField
          label={t('searchPeople')}
          defaultValue={search ?? ''}
          onChange={(typed) => seek({ search: typed || undefined! })}
        />
        <Select
          label={t('state')}
          value={status ?? 'all'}
          onChange={(chosen) => seek({ status: chosen === 'all' ? undefined! : chosen! })}
          choices={[{ id: 'all', label: t('all') }, ...statuses.map((id) => ({ id, label: t(`status${id}`) }))]}
        />
        {roles.data?.roles && (
          <Select
            label={t('role')}
            value={role ?? 'all'}
            onChange={(chosen) => seek({ role: chosen === 'all' ? undefined! : chosen! })}
            choices={[
              { id: 'all', label: t('all') },
              ...roles.data.roles.nodes.map(({ name }) => ({ id: name, label: roleName(name) })),
            ]}
          />
        )}
      </Filters>
      <Card isFlush>
        <Answer of={list}>
          {() => (
            <>
              <Table
                label={t('people')}
                items={list.nodes}
                hrefOf={({ id }) => `/people/${id}`}
                sort={{
                  column: columnsOf[sorted as keyof typeof columnsOf],
                  direction: direction === 'ASC' ? 'ascending' : 'descending',
                }}
                onSort={({ column, direction }) => {
                  const [key] = Object.entries(columnsOf).find(([, id]) => id === column) ?? ['FULL_NAME'];
                  const way = direction === 'ascending' ? 'ASC' : 'DESC';
                  seek({ order: `${key}_${way}` as (typeof peopleOrders)[number] });
                }}
                empty={<EmptyState icon={<Users size={32} aria-hidden />} title={t('nobody')} text={t('nobodyText')} />}
                columns={[
                  {
                    id: 'name',
                    title: t('name'),
                    isName: true,
                    canSort: true,
                    cell: ({ fullName, username }) => fullName.trim() || username,
                  },
                  {
                    id: 'username',
                    title: t('username'),
                    canSort: true,
                    isExtra: true,
                    cell: ({ username }) => username,
                  },
                  { id: 'email', title: t('email'), isExtra: true, cell: ({ email }) => email },
                  {
                    id: 'roles',
                    title: t('roles'),
                    cell: ({ roles }) => (
                      <span className="row">
                        {roles.map(({ id, name }) => (
                          <Badge key={id}>{roleName(name)}</Badge>
                        ))}
                      </span>
                    ),
                  },
                  { id: 'state', title: t('state'), cell: ({ status }) => <PersonState status={status} /> },
                  {
                    id: 'lastLogin',
                    title: t('lastLogin'),
                    canSort: true,
                    isExtra: true,
                    cell: ({ lastLoginAt }) => (lastLoginAt ? format.relative(lastLoginAt) : t('never')),
                  },
                ]}
              />
              <More list={list} />
            </>
          )}
        </Answer>
      </Card>
      {isMaking && <CreatePerson onClose={() => setMaking(false)} />}
    </Page>
  );
}
