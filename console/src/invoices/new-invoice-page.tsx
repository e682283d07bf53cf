import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useAction, useGraph } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { useMay, useViewer } from '../session/session';
import { Button, LinkButton } from '../ui/button';
import { Card, Page } from '../ui/page';
import { tell } from '../ui/toast';
import { InvoiceForm } from './invoice-form';
import { ClientOfInvoiceOperation, CreateInvoiceOperation } from './operations.gen';
import { words } from './words';

const route = getRouteApi('/app/invoices/new');

export function NewInvoicePage() {
  const t = useWords(words);
  const navigate = useNavigate();
  const may = useMay();
  const viewer = useViewer();
  const { client } = route.useSearch();
  const named = useGraph(
    ClientOfInvoiceOperation,
    { id: client ?? '' },
    { topics: ['clients'], enabled: Boolean(client) },
  );
  const create = useAction(CreateInvoiceOperation, { touches: ['invoices'] });
  return (
    <Page title={t('newInvoice')} lead={t('newInvoiceLead')}>
      <Card>
        <InvoiceForm
          key={named.data?.client?.id ?? ''}
          buyer={{ client: named.data?.client ?? null }}
          error={create.error}
          onSubmit={async ({ client, customer, ...terms }) => {
            const input = {
              ...terms,
              ...(client && { clientId: client.id }),
              ...((customer ?? !may('invoices:write')) && { customerId: customer?.id ?? viewer.id }),
            };
            const id = (await create.run({ input }))?.createInvoice?.invoice.id;
            if (id === undefined) return;
            tell(t('draftSaved'));
            await navigate({ to: '/invoices/$id', params: { id } });
          }}
        >
          <Button kind="primary" type="submit" isPending={create.isRunning}>
            {t('saveDraft')}
          </Button>
          <LinkButton to="/invoices">{t('cancel')}</LinkButton>
        </InvoiceForm>
      </Card>
    </Page>
  );
}
