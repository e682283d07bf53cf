import { ShieldPlus } from 'lucide-react';
import { useState } from 'react';
import { useAction, useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useNamedByServer } from '../i18n/named-by-server';
import { useWords } from '../i18n/words';
import { useMay, useFirmCurrency } from '../session/session';
import { Button } from '../ui/button';
import { Checkbox } from '../ui/checks';
import { Select } from '../ui/choice-fields';
import { DateField } from '../ui/date-field';
import { ConfirmButton, Dialog, DialogActions } from '../ui/dialog';
import { Form } from '../ui/form';
import { numberOf, textOf } from '../ui/form-values';
import { Badge } from '../ui/notice';
import { NumberField } from '../ui/number-field';
import { Card, EmptyState } from '../ui/page';
import { RoleName, useRoleName } from '../ui/role-name';
import { Table } from '../ui/table';
import { complain, tell } from '../ui/toast';
import {
  GiveRoleOperation,
  type HeldRoleFragment,
  RoleListOperation,
  TakeRoleOperation,
  TypeCodesOperation,
} from './operations.gen';
import type { PersonFound } from './person-page';
import { words } from './words';

/** The bounds of an assignment in words. */
export function useBounds(): (held: HeldRoleFragment) => string {
  const t = useWords(words);
  const format = useFormat();
  const firmCurrency = useFirmCurrency();
  return ({ scope, maxAmount, currency, validFrom, validTo }) =>
    [
      scope === '*' ? undefined : t('onlyType', { type: scope }),
      maxAmount == null ? undefined : t('upTo', { amount: format.money(Number(maxAmount), currency ?? firmCurrency) }),
      validFrom ? t('from', { date: format.date(validFrom) }) : undefined,
      validTo ? t('until', { date: format.date(validTo) }) : undefined,
    ]
      .filter(Boolean)
      .join(' · ') || t('unbounded');
}

/** Roles of a person with what bounds them. */
export function HeldRoles({ user }: { user: PersonFound }) {
  const t = useWords(words);
  const format = useFormat();
  const may = useMay();
  const boundsOf = useBounds();
  const roleName = useRoleName();
  const [isGiving, setGiving] = useState(false);
  const take = useAction(TakeRoleOperation, {
    touches: ['people'],
    onDone: () => tell(t('roleTaken')),
    onError: complain,
  });
  const canChange = may('roles:read') && may('roles:write');
  return (
    <Card
      title={t('tab_roles')}
      isFlush
      actions={
        canChange && (
          <Button size="small" onPress={() => setGiving(true)}>
            <ShieldPlus size={16} aria-hidden />
            {t('giveRole')}
          </Button>
        )
      }
    >
      <Table
        label={t('tab_roles')}
        items={user.roleAssignments}
        empty={<EmptyState title={t('noRoles')} text={t('noRolesText')} />}
        columns={[
          { id: 'role', title: t('role'), isName: true, cell: ({ role }) => <RoleName name={role.name} /> },
          { id: 'bounds', title: t('bounds'), cell: boundsOf },
          {
            id: 'state',
            title: t('state'),
            cell: ({ isValidToday }) => (
              <Badge tone={isValidToday ? 'good' : 'warn'}>{isValidToday ? t('validToday') : t('notToday')}</Badge>
            ),
          },
          {
            id: 'by',
            title: t('givenBy'),
            isExtra: true,
            cell: ({ assignedBy, createdAt }) =>
              t('givenAt', { name: assignedBy?.fullName ?? t('server'), date: format.date(createdAt) }),
          },
          {
            id: 'take',
            title: t('actions'),
            cell: ({ role, scope }) =>
              canChange && (
                <ConfirmButton
                  size="small"
                  kind="quiet"
                  title={t('takeTitle', { role: roleName(role.name) })}
                  text={t('takeText')}
                  action={t('take')}
                  onConfirm={() => take.run({ input: { userId: user.id, roleId: role.id, scope, everyScope: false } })}
                >
                  {t('take')}
                </ConfirmButton>
              ),
          },
        ]}
      />
      {isGiving && <GiveRole userId={user.id} onClose={() => setGiving(false)} />}
    </Card>
  );
}

function GiveRole({ userId, onClose }: { userId: string; onClose: () => void }) {
  const t = useWords(words);
  const named = useNamedByServer();
  const roleName = useRoleName();
  const roles = useGraph(RoleListOperation, {}, { topics: ['people'] });
  const types = useGraph(TypeCodesOperation, {}, { topics: ['filing'] });
  const [roleId, setRoleId] = useState<string | null>(null);
  const [scope, setScope] = useState('*');
  const give = useAction(GiveRoleOperation, {
    touches: ['people', 'self'],
    onDone: () => {
      tell(t('roleGiven'));
      onClose();
    },
  });
  const chosen = roles.data?.roles?.nodes.find(({ id }) => id === roleId);
  const submit = (values: FormData) =>
    give.run({
      input: {
        userId,
        roleId: roleId ?? '',
        scope,
        maxAmount: numberOf(values, 'maxAmount'),
        validFrom: textOf(values, 'validFrom'),
        validTo: textOf(values, 'validTo'),
        replace: values.has('replace'),
      },
    });
  return (
    <Dialog isOpen onClose={onClose} title={t('giveRole')}>
      <Form onSubmit={submit} error={give.error} names={['roleId', 'scope', 'maxAmount', 'validFrom', 'validTo']}>
        <Select
          label={t('role')}
          name="roleId"
          value={roleId}
          onChange={setRoleId}
          isRequired
          choices={(roles.data?.roles?.nodes ?? []).map(({ id, name, description }) => ({
            id,
            label: roleName(name),
            description: roleName(name) === name ? named(description) : name,
          }))}
        />
        <div className="fields">
          <DateField name="validFrom" label={t('validFrom')} description={t('validFromHint')} />
          <DateField name="validTo" label={t('validTo')} description={t('validToHint')} />
        </div>
        {chosen?.approvalLevel != null && (
          <div className="fields">
            <NumberField
              name="maxAmount"
              label={t('maxAmount')}
              description={t('maxAmountHint')}
              minValue={0}
              step={0.01}
            />
            <Select
              label={t('scope')}
              description={t('scopeHint')}
              value={scope}
              onChange={(code) => setScope(code ?? '*')}
              choices={[
                { id: '*', label: t('allTypes') },
                ...(types.data?.documentTypes?.nodes ?? []).map(({ code, label }) => ({ id: code, label })),
              ]}
            />
          </div>
        )}
        <Checkbox name="replace" description={t('replaceHint')}>
          {t('replace')}
        </Checkbox>
        <DialogActions>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button type="submit" kind="primary" isPending={give.isRunning} isDisabled={roleId === null}>
            {t('giveRole')}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
