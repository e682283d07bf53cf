import { useAction } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { FileLink } from '../ui/button';
import { ConfirmButton } from '../ui/dialog';
import { Badge } from '../ui/notice';
import { Card, EmptyState } from '../ui/page';
import { Table } from '../ui/table';
import { complain, tell } from '../ui/toast';
import { type InvoiceDetailsFragment, RemindInvoiceOperation } from './operations.gen';
import { pathOf } from './path-of';
import { words } from './words';

/** The letters that reminded the customer, each firmer than the one before. */
export function Reminders({ invoice, mayRemind }: { invoice: InvoiceDetailsFragment; mayRemind: boolean }) {
  const t = useWords(words);
  const format = useFormat();
  const remind = useAction(RemindInvoiceOperation, {
    touches: ['invoices'],
    onError: complain,
    onDone: ({ remindInvoice }) => tell(t(remindInvoice?.reminder.mailedAt ? 'remindedByMail' : 'reminded')),
  });
  if (!mayRemind && invoice.reminders.length === 0) return null;
  return (
    <Card
      isFlush
      title={t('reminders')}
      actions={
        mayRemind && (
          <ConfirmButton
            kind="normal"
            size="small"
            title={t('remind')}
            text={t('remindText')}
            action={t('remind')}
            isDisabled={remind.isRunning}
            onConfirm={() => remind.run({ input: { id: invoice.id } })}
          >
            {t('remind')}
          </ConfirmButton>
        )
      }
    >
      {invoice.reminders.length === 0 ? (
        <EmptyState title={t('noReminders')} text={t('noRemindersText')} />
      ) : (
        <Table
          label={t('reminders')}
          items={invoice.reminders}
          columns={[
            {
              id: 'date',
              title: t('date'),
              isShort: true,
              isName: true,
              cell: ({ letterDate }) => format.date(letterDate),
            },
            {
              id: 'level',
              title: t('level'),
              cell: ({ level }) => <Badge tone={level === 'FIRST' ? 'info' : 'warn'}>{t(`level_${level}`)}</Badge>,
            },
            { id: 'sent', title: t('sent'), isExtra: true, cell: ({ mailedAt }) => t(mailedAt ? 'byMail' : 'byPost') },
            {
              id: 'due',
              title: t('amountDue'),
              isNumber: true,
              isExtra: true,
              cell: ({ amountDue }) => format.money(amountDue, invoice.currency),
            },
            {
              id: 'pdf',
              title: t('actions'),
              isTitleHidden: true,
              cell: ({ pdfUrl }) => (
                <FileLink href={pathOf(pdfUrl)} size="small" kind="quiet">
                  {t('letter')}
                </FileLink>
              ),
            },
          ]}
        />
      )}
    </Card>
  );
}
