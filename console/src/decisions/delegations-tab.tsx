import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useAction, useGraph, useGraphList } from '../graph/use-graph';
import { today } from '../i18n/days';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay, useViewer } from '../session/session';
import { Button } from '../ui/button';
import { ComboBox } from '../ui/choice-fields';
import { DateField } from '../ui/date-field';
import { ConfirmButton, Dialog, DialogActions } from '../ui/dialog';
import { Form } from '../ui/form';
import { Badge } from '../ui/notice';
import { Answer, Card, EmptyState, More } from '../ui/page';
import { Table } from '../ui/table';
import { complain, tell } from '../ui/toast';
import {
  DelegateOperation,
  type DelegationsQuery,
  DelegationsOperation,
  PeopleToDecideOperation,
  RevokeDelegationOperation,
  WaitingDecisionsOperation,
} from './operations.gen';
import { words } from './words';

type Delegation = NonNullable<DelegationsQuery['approvalDelegations']>['nodes'][number];

function stateOf({ validFrom, validTo, revokedAt }: Delegation): 'revoked' | 'over' | 'coming' | 'active' {
  if (revokedAt) return 'revoked';
  if (validTo < today()) return 'over';
  return validFrom > today() ? 'coming' : 'active';
}

const tones = { revoked: 'plain', over: 'plain', coming: 'info', active: 'good' } as const;

/** Who decides for whom, and for how long. */
export function DelegationsTab() {
  const t = useWords(words);
  const format = useFormat();
  const [isOpen, setOpen] = useState(false);
  const list = useGraphList(
    DelegationsOperation,
    {},
    { topics: ['approvals'], connectionOf: ({ approvalDelegations }) => approvalDelegations! },
  );
  const revoke = useAction(RevokeDelegationOperation, { touches: ['approvals'], onError: complain });
  return (
    <Card
      isFlush
      actions={
        <Button kind="primary" onPress={() => setOpen(true)}>
          <UserPlus size={18} aria-hidden />
          {t('delegate')}
        </Button>
      }
    >
      <Answer of={list}>
        {() => (
          <>
            <Table
              label={t('delegations')}
              items={list.nodes}
              empty={<EmptyState title={t('noDelegations')} text={t('noDelegationsText')} />}
              columns={[
                {
                  id: 'to',
                  title: t('to'),
                  isName: true,
                  below: ({ from }) => `${t('from')} : ${from?.fullName ?? t('hidden')}`,
                  cell: ({ to }) => to?.fullName ?? t('hidden'),
                },
                { id: 'from', title: t('from'), isExtra: true, cell: ({ from }) => from?.fullName ?? t('hidden') },
                {
                  id: 'days',
                  title: t('days'),
                  isExtra: true,
                  cell: ({ validFrom, validTo }) => `${format.date(validFrom)} – ${format.date(validTo)}`,
                },
                {
                  id: 'state',
                  title: t('state'),
                  cell: (delegation) => <Badge tone={tones[stateOf(delegation)]}>{t(stateOf(delegation))}</Badge>,
                },
                {
                  id: 'actions',
                  title: t('actions'),
                  isNumber: true,
                  cell: (delegation) =>
                    ['active', 'coming'].includes(stateOf(delegation)) && (
                      <ConfirmButton
                        size="small"
                        title={t('revokeTitle')}
                        text={t('revokeText', { name: delegation.to?.fullName ?? t('hidden') })}
                        action={t('revoke')}
                        onConfirm={() => revoke.run({ input: { id: delegation.id } })}
                      >
                        {t('revoke')}
                      </ConfirmButton>
                    ),
                },
              ]}
            />
            <More list={list} />
          </>
        )}
      </Answer>
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title={t('delegateTitle')}>
        <DelegateForm onEnd={() => setOpen(false)} />
      </Dialog>
    </Card>
  );
}

/** Whom one may name: everybody for those who see people, otherwise those who decide on what one sees. */
function usePeople(search: string): { id: string; label: string; description?: string }[] {
  const may = useMay();
  const viewer = useViewer();
  const seesPeople = may('users:read');
  const { data } = useGraph(
    PeopleToDecideOperation,
    { search: search || null },
    { topics: ['people'], enabled: seesPeople },
  );
  const { data: waiting } = useGraph(
    WaitingDecisionsOperation,
    { ofAll: false },
    { topics: ['approvals'], enabled: !seesPeople },
  );
  const found = seesPeople
    ? (data?.users?.nodes ?? []).map(({ id, fullName, username }) => ({ id, label: fullName, description: username }))
    : (waiting?.pendingApprovals?.nodes ?? []).flatMap(({ validators }) =>
        validators.map(({ id, fullName }) => ({ id, label: fullName })),
      );
  return [...new Map(found.map((person) => [person.id, person])).values()].filter(({ id }) => id !== viewer.id);
}

function DelegateForm({ onEnd }: { onEnd: () => void }) {
  const t = useWords(words);
  const [typed, setTyped] = useState('');
  const [toId, setTo] = useState<string | null>(null);
  const people = usePeople(toId === null ? typed.trim() : '');
  const delegate = useAction(DelegateOperation, { touches: ['approvals'] });
  const submit = async (values: FormData) => {
    const days = { validFrom: String(values.get('validFrom')), validTo: String(values.get('validTo')) };
    if (!(await delegate.run({ input: { toId: toId ?? '', ...days } }))) return;
    tell(t('delegated'));
    onEnd();
  };
  return (
    <Form onSubmit={submit} error={delegate.error} names={['toId', 'validFrom', 'validTo']}>
      <p className="quiet">{t('delegateText')}</p>
      <ComboBox
        name="toId"
        label={t('to')}
        choices={people}
        onSearch={setTyped}
        value={toId}
        onChange={setTo}
        isRequired
      />
      <div className="fields">
        <DateField name="validFrom" label={t('firstDay')} defaultValue={today()} isRequired />
        <DateField name="validTo" label={t('lastDay')} defaultValue={today()} isRequired />
      </div>
      <DialogActions>
        <Button onPress={onEnd}>{t('cancel')}</Button>
        <Button kind="primary" type="submit" isPending={delegate.isRunning}>
          {t('delegate')}
        </Button>
      </DialogActions>
    </Form>
  );
}
