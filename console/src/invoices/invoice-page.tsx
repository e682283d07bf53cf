import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { EllipsisVertical } from 'lucide-react';
import { useState } from 'react';
import { useAction, useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay, useViewer } from '../session/session';
import { Button, FileLink, IconButton } from '../ui/button';
import { ConfirmButton } from '../ui/dialog';
import { Menu } from '../ui/menu';
import { Notice } from '../ui/notice';
import { Answer, Card, EmptyState, Facts, Page } from '../ui/page';
import { PdfFrame } from '../ui/pdf-frame';
import { complain, tell } from '../ui/toast';
import { CancelDialog } from './cancel-dialog';
import { CreditNoteDialog } from './credit-note-dialog';
import { DraftCard } from './draft-card';
import { CreditNotes, InvoiceLines } from './invoice-parts';
import {
  DeleteInvoiceOperation,
  InvoiceDetailOperation,
  type InvoiceDetailsFragment,
  IssueInvoiceOperation,
  type SellerFact,
} from './operations.gen';
import { pathOf } from './path-of';
import { PaymentDialog } from './payment-dialog';
import { Payments } from './payments';
import { ProposalCard } from './proposals';
import { Reminders } from './reminders';
import { StateBadge, TypeBadge } from './state-badge';
import { words } from './words';
import styles from './invoice-page.module.css';

const route = getRouteApi('/app/invoices/$id');
const touches = ['invoices', 'banking'] as const;

export function InvoicePage() {
  const t = useWords(words);
  const { id } = route.useParams();
  const answer = useGraph(InvoiceDetailOperation, { id }, { topics: [...touches, 'clients'] });
  return (
    <Answer of={answer}>
      {({ invoice, firm }) =>
        invoice ? (
          <InvoiceOf key={invoice.id} invoice={invoice} lacks={firm?.missingSellerFacts ?? []} />
        ) : (
          <Page title={t('invoice')}>
            <EmptyState title={t('noSuchInvoice')} text={t('noSuchInvoiceText')} />
          </Page>
        )
      }
    </Answer>
  );
}

interface InvoiceOfProps {
  invoice: InvoiceDetailsFragment;
  /** What it would not say of the firm. */
  lacks: readonly SellerFact[];
}

function InvoiceOf({ invoice, lacks }: InvoiceOfProps) {
  const t = useWords(words);
  const format = useFormat();
  const navigate = useNavigate();
  const viewer = useViewer();
  const may = useMay();
  const [open, setOpen] = useState<'pay' | 'credit' | 'cancel'>();
  const issue = useAction(IssueInvoiceOperation, {
    touches,
    onError: complain,
    onDone: ({ issueInvoice }) => tell(t('issuedAs', { number: issueInvoice?.invoice.number ?? '' })),
  });
  const remove = useAction(DeleteInvoiceOperation, { touches, onError: complain });

  const { id, number, status, type, currency } = invoice;
  const isDraft = status === 'DRAFT';
  const isOpen = status === 'ISSUED' || status === 'OVERDUE';
  const isCreditNote = type === 'CREDIT_NOTE';
  const mayChange = may('invoices:write') || invoice.createdBy?.id === viewer.id;
  const title = number ?? t('invoice');
  const discard = async (): Promise<void> => {
    if (!(await remove.run({ input: { id } }))) return;
    tell(t('draftDeleted'));
    await navigate({ to: '/invoices' });
  };
  const more = [
    { id: 'credit', label: t('createCreditNote'), onAction: () => setOpen('credit') },
    { id: 'cancel', label: t('cancelInvoice'), isDanger: true, isDisabled: !isOpen, onAction: () => setOpen('cancel') },
  ];

  return (
    <Page
      title={title}
      mark={
        <>
          <StateBadge status={status} /> <TypeBadge type={type} />
        </>
      }
      lead={invoice.client?.name ?? invoice.customer?.fullName}
      actions={
        <>
          {mayChange && isDraft && (
            <ConfirmButton
              kind="primary"
              isDisabled={issue.isRunning}
              title={t('issueTitle')}
              text={t('issueText')}
              warning={
                lacks.length > 0
                  ? t('sellerLacks', { facts: format.list(lacks.map((fact) => t(`seller_${fact}`))) })
                  : undefined
              }
              action={t('issue')}
              onConfirm={() => issue.run({ input: { id, version: invoice.version } })}
            >
              {t('issue')}
            </ConfirmButton>
          )}
          {mayChange && isOpen && !isCreditNote && (
            <Button kind="primary" onPress={() => setOpen('pay')}>
              {t('recordPayment')}
            </Button>
          )}
          <FileLink href={pathOf(invoice.pdfUrl)}>{t('openPdf')}</FileLink>
          {mayChange && isDraft && (
            <ConfirmButton
              kind="normal"
              title={t('deleteDraft')}
              text={t('deleteDraftText')}
              action={t('delete')}
              onConfirm={discard}
            >
              {t('delete')}
            </ConfirmButton>
          )}
          {mayChange && !isDraft && !isCreditNote && status !== 'CANCELLED' && (
            <Menu label={t('moreOfInvoice')} groups={[{ id: 'invoice', entries: more }]}>
              <IconButton label={t('moreOfInvoice')}>
                <EllipsisVertical size={20} aria-hidden />
              </IconButton>
            </Menu>
          )}
        </>
      }
    >
      {status === 'OVERDUE' && (
        <Notice tone="warn">
          {t('overdueSince', {
            date: format.date(invoice.dueDate),
            amount: format.money(invoice.amountDue, currency),
          })}
        </Notice>
      )}
      <div className={styles.columns}>
        <div className={styles.facts}>
          {isDraft && mayChange ? (
            <DraftCard invoice={invoice} />
          ) : (
            <>
              <Card title={t('facts')}>
                <Facts
                  facts={[
                    [t('total'), format.money(invoice.total, currency)],
                    [t('amountDue'), format.money(invoice.amountDue, currency)],
                    [t('amountPaid'), invoice.amountPaid > 0 && format.money(invoice.amountPaid, currency)],
                    [t('amountCredited'), invoice.amountCredited > 0 && format.money(invoice.amountCredited, currency)],
                    [t('issued'), format.date(invoice.issuedAt)],
                    [t('due'), format.date(invoice.dueDate)],
                    [t('paid'), format.date(invoice.paidAt)],
                    [t('client'), invoice.client?.name],
                    [t('customer'), invoice.customer?.fullName],
                    [t('reason'), invoice.reason],
                  ].filter((fact): fact is [string, string] => Boolean(fact[1]))}
                />
              </Card>
              <InvoiceLines invoice={invoice} />
            </>
          )}
          {!isDraft && !isCreditNote && (
            <>
              {mayChange && isOpen && <ProposalCard invoiceId={id} />}
              <Payments invoice={invoice} mayChange={mayChange} />
              <CreditNotes invoice={invoice} />
              <Reminders invoice={invoice} mayRemind={mayChange && isOpen} />
            </>
          )}
        </div>
        <div className={styles.paper}>
          <PdfFrame
            href={pathOf(invoice.pdfUrl)}
            title={t('pdfOf', { number: number ?? t('draft') })}
            version={invoice.updatedAt}
          />
        </div>
      </div>
      {open === 'pay' && <PaymentDialog invoice={invoice} onClose={() => setOpen(undefined)} />}
      {open === 'credit' && <CreditNoteDialog invoice={invoice} onClose={() => setOpen(undefined)} />}
      {open === 'cancel' && <CancelDialog invoice={invoice} onClose={() => setOpen(undefined)} />}
    </Page>
  );
}
