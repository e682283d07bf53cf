import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Card } from '../ui/page';
import { Table } from '../ui/table';
import type { InvoiceDetailsFragment } from './operations.gen';
import { words } from './words';

/** What was billed, with the VAT of each rate, as the server counted it. */
export function InvoiceLines({ invoice }: { invoice: InvoiceDetailsFragment }) {
  const t = useWords(words);
  const { money, number } = useFormat();
  const { currency } = invoice;
  return (
    <>
      <Card isFlush title={t('lines')}>
        <Table
          label={t('lines')}
          items={invoice.lines}
          columns={[
            { id: 'what', title: t('what'), isName: true, cell: ({ description }) => description },
            {
              id: 'quantity',
              title: t('quantity'),
              isNumber: true,
              cell: ({ quantity }) => number(quantity, { maximumFractionDigits: 3 }),
            },
            {
              id: 'price',
              title: t('unitPrice'),
              isNumber: true,
              isExtra: true,
              cell: ({ unitPrice }) => number(unitPrice, { minimumFractionDigits: 2, maximumFractionDigits: 4 }),
            },
            {
              id: 'vat',
              title: t('vat'),
              isNumber: true,
              isExtra: true,
              cell: ({ vatRate }) => t('percent', { rate: number(vatRate) }),
            },
            { id: 'total', title: t('lineTotal'), isNumber: true, cell: ({ total }) => money(total, currency) },
          ]}
        />
      </Card>
      <Card isFlush title={t('totals')}>
        <Table
          label={t('totals')}
          items={[
            ...invoice.vatLines.map(({ vatRate, base, tax }) => ({
              id: String(vatRate),
              name: t('percent', { rate: number(vatRate) }),
              base,
              tax,
            })),
            { id: 'sum', name: t('sum'), base: invoice.totalExcludingTax, tax: invoice.totalTax },
          ]}
          columns={[
            { id: 'rate', title: t('vatRate'), isName: true, cell: ({ name }) => name },
            { id: 'base', title: t('net'), isNumber: true, cell: ({ base }) => money(base, currency) },
            { id: 'tax', title: t('tax'), isNumber: true, cell: ({ tax }) => money(tax, currency) },
          ]}
        />
      </Card>
    </>
  );
}

export function CreditNotes({ invoice }: { invoice: InvoiceDetailsFragment }) {
  const t = useWords(words);
  const format = useFormat();
  const { nodes } = invoice.creditNotes;
  if (nodes.length === 0) return null;
  return (
    <Card isFlush title={t('creditNotes')}>
      <Table
        label={t('creditNotes')}
        items={nodes}
        hrefOf={({ id }) => `/invoices/${id}`}
        columns={[
          { id: 'number', title: t('number'), isName: true, cell: ({ number }) => number },
          { id: 'date', title: t('issued'), isShort: true, cell: ({ issuedAt }) => format.date(issuedAt) },
          { id: 'reason', title: t('reason'), isExtra: true, cell: ({ reason }) => reason },
          {
            id: 'total',
            title: t('total'),
            isNumber: true,
            cell: ({ total }) => format.money(total, invoice.currency),
          },
        ]}
      />
    </Card>
  );
}
