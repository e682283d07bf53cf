import { useNavigate, useSearch } from '@tanstack/react-router';
import { useWords } from '../i18n/words';
import { ComboBox } from '../ui/choice-fields';
import { Badge, Notice } from '../ui/notice';
import { Card, EmptyState } from '../ui/page';
import { RoleName } from '../ui/role-name';
import { Table } from '../ui/table';
import { useAllPermissions } from './all-permissions';
import { useBounds } from './held-roles';
import { covers } from './holds';
import type { PersonFound } from './person-page';
import { words } from './words';

/** Why somebody may do something: which of their roles allows it, by which permission, and whether it holds now. */
export function WhyMay({ user }: { user: PersonFound }) {
  const t = useWords(words);
  const boundsOf = useBounds();
  const { permission } = useSearch({ from: '/app/people/$id' });
  const navigate = useNavigate({ from: '/people/$id' });
  const { nodes: permissions } = useAllPermissions();
  const reasons = user.roleAssignments.flatMap((held) =>
    held.role.permissions
      .filter(({ name }) => permission !== undefined && covers(name, permission))
      .map(({ id, name }) => ({ id: `${held.id}-${id}`, held, by: name })),
  );
  const holds = reasons.filter(({ held }) => held.isValidToday);
  const tone = !user.isActive ? 'bad' : holds.length > 0 ? 'good' : reasons.length > 0 ? 'warn' : 'info';
  return (
    <div className="stack">
      <Card title={t('tab_why')}>
        <p className="quiet">{t('whyLead')}</p>
        <ComboBox
          key={permissions.length}
          label={t('permission')}
          choices={permissions.map(({ name, description }) => ({ id: name, label: name, description }))}
          defaultValue={permission ?? null}
          onChange={(name) => void navigate({ search: { tab: 'why', permission: name ?? undefined }, replace: true })}
        />
        {permission === undefined ? (
          <EmptyState title={t('whyAsk')} text={t('whyAskText')} />
        ) : (
          <>
            <Notice tone={tone} role="status">
              {!user.isActive && t('whyInactive')}
              {user.isActive && holds.length > 0 && t('whyYes', { permission, count: holds.length })}
              {user.isActive && holds.length === 0 && reasons.length > 0 && t('whyNotToday', { permission })}
              {user.isActive && reasons.length === 0 && t('whyNo', { permission })}
            </Notice>
          </>
        )}
      </Card>
      {reasons.length > 0 && (
        <Card isFlush>
          <Table
            label={t('tab_why')}
            items={reasons}
            columns={[
              { id: 'role', title: t('role'), isName: true, cell: ({ held }) => <RoleName name={held.role.name} /> },
              { id: 'by', title: t('byPermission'), cell: ({ by }) => <code>{by}</code> },
              { id: 'bounds', title: t('bounds'), cell: ({ held }) => boundsOf(held) },
              {
                id: 'state',
                title: t('state'),
                cell: ({ held }) => (
                  <Badge tone={held.isValidToday ? 'good' : 'warn'}>
                    {held.isValidToday ? t('validToday') : t('notToday')}
                  </Badge>
                ),
              },
            ]}
          />
        </Card>
      )}
    </div>
  );
}
