import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Pencil } from 'lucide-react';
import { useState } from 'react';
import { useAction, useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { NotFound } from '../shell/not-found';
import { Button } from '../ui/button';
import { ConfirmButton } from '../ui/dialog';
import { Badge } from '../ui/notice';
import { Answer, Card, Facts, Page } from '../ui/page';
import { Table } from '../ui/table';
import { complain, tell } from '../ui/toast';
import { ContractEditor } from './contract-form';
import { contractWords } from './contract-words';
import { frequencyWords, kindWords, statusTones, statusWords } from './labels';
import {
  ContractDetailOperation,
  type ContractDetailQuery,
  DeleteContractOperation,
  UpdateContractOperation,
} from './operations.gen';
import { clockLength } from './today';

type ShownContract = NonNullable<ContractDetailQuery['maintenanceContract']>;

const route = getRouteApi('/app/contracts/$id');

export function ContractPage() {
  const { id } = route.useParams();
  const query = useGraph(ContractDetailOperation, { id }, { topics: ['interventions', 'clients'] });
  return (
    <Answer of={query}>
      {({ maintenanceContract }) =>
        maintenanceContract ? <ContractView contract={maintenanceContract} /> : <NotFound />
      }
    </Answer>
  );
}

function ContractView({ contract }: { contract: ShownContract }) {
  const t = useWords(contractWords);
  const kindText = useWords(kindWords);
  const frequencyText = useWords(frequencyWords);
  const statusText = useWords(statusWords);
  const format = useFormat();
  const mayWrite = useMay()('interventions:write');
  const [isEditing, setEditing] = useState(false);
  const { client, isActive } = contract;
  return (
    <Page
      title={contract.title}
      mark={<Badge tone={isActive ? 'good' : 'warn'}>{t(isActive ? 'active' : 'paused')}</Badge>}
      lead={
        client && (
          <Link to="/clients/$id" params={{ id: String(client.id) }} search={{ tab: 'contracts' }}>
            {client.name}
          </Link>
        )
      }
      actions={mayWrite && <ContractEnds contract={contract} />}
    >
      <Card
        title={kindText(contract.kind)}
        actions={
          mayWrite &&
          !isEditing && (
            <Button size="small" onPress={() => setEditing(true)}>
              <Pencil size={16} aria-hidden /> {t('edit')}
            </Button>
          )
        }
      >
        {isEditing ? (
          <ContractEditor contract={contract} onDone={() => setEditing(false)} />
        ) : (
          <Facts
            facts={[
              [t('rhythm'), frequencyText(contract.frequency, { count: contract.interval })],
              [t('next'), format.date(contract.nextVisit)],
              [t('time'), `${contract.visitTime.slice(0, 5)} (${contract.timeZone})`],
              [t('minutes'), clockLength(contract.visitMinutes)],
              [t('technician'), contract.technicianUser?.fullName ?? contract.technician],
              [t('place'), contract.location],
              [t('start'), format.date(contract.startDate)],
              [t('end'), format.date(contract.endDate)],
              [t('horizon'), contract.horizonDays],
              [t('description'), contract.description],
            ]}
          />
        )}
      </Card>
      <Card title={`${t('visits')} (${contract.visits.totalCount})`} isFlush>
        <Table
          label={t('visits')}
          items={contract.visits.nodes.map((node) => ({ ...node, id: String(node.id) }))}
          hrefOf={({ id }) => `/interventions/${id}`}
          columns={[
            {
              id: 'when',
              title: t('when'),
              isName: true,
              cell: ({ scheduledAt }) => format.dateTime(scheduledAt),
            },
            {
              id: 'who',
              title: t('technician'),
              cell: ({ technician, technicianUser }) => technicianUser?.fullName ?? technician,
            },
            {
              id: 'status',
              title: t('status'),
              cell: ({ status }) => <Badge tone={statusTones[status]}>{statusText(status)}</Badge>,
            },
          ]}
          empty={<p className="quiet">{t('noVisits')}</p>}
        />
      </Card>
    </Page>
  );
}

function ContractEnds({ contract: { id, isActive, version } }: { contract: ShownContract }) {
  const t = useWords(contractWords);
  const navigate = useNavigate();
  const changing = useAction(UpdateContractOperation, { touches: ['interventions', 'clients'], onError: complain });
  const deleting = useAction(DeleteContractOperation, { touches: ['interventions', 'clients'], onError: complain });
  const remove = async () => {
    if (!(await deleting.run({ input: { id } }))) return;
    tell(t('deleted'));
    await navigate({ to: '/contracts', search: {} });
  };
  return (
    <>
      <Button
        isPending={changing.isRunning}
        onPress={() => changing.run({ input: { id, isActive: !isActive, version } })}
      >
        {t(isActive ? 'pause' : 'resume')}
      </Button>
      <ConfirmButton kind="normal" title={t('trashTitle')} text={t('trashText')} action={t('trash')} onConfirm={remove}>
        {t('trash')}
      </ConfirmButton>
    </>
  );
}
