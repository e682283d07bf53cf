import { useState } from 'react';
import { useGraph } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { useMay, useViewer } from '../session/session';
import { type Choice, ComboBox } from '../ui/choice-fields';
import { Notice } from '../ui/notice';
import { ClientChoicesOperation, CustomerChoicesOperation } from './operations.gen';
import { words } from './words';

export interface Buyer {
  customer?: { id: string; fullName: string } | null;
  client?: { id: string; name: string } | null;
}

interface BuyerFieldsProps {
  /** Who is chosen. */
  buyer: Buyer;
  onChange: (changed: Buyer) => void;
}

/**
 * Whom an invoice bills: a client, a person with an account, or both. Who may not bill for all bills themselves, and
 * sees no field but that.
 */
export function BuyerFields({ buyer, onChange }: BuyerFieldsProps) {
  const t = useWords(words);
  const may = useMay();
  const viewer = useViewer();
  const maySeeClients = may('invoices:write') && may('clients:read');
  const maySeePeople = may('invoices:write') && may('users:read');
  const [client, setClient] = useState('');
  const [customer, setCustomer] = useState('');
  const clients = useGraph(
    ClientChoicesOperation,
    { search: client || null },
    { topics: ['clients'], enabled: maySeeClients },
  );
  const people = useGraph(
    CustomerChoicesOperation,
    { search: customer || null },
    { topics: ['people'], enabled: maySeePeople },
  );
  const known = (found: Choice[], chosen: Choice | undefined): Choice[] =>
    chosen && !found.some(({ id }) => id === chosen.id) ? [chosen, ...found] : found;
  const name = viewer.fullName.trim() || viewer.username;
  if (!may('invoices:write')) return <Notice>{t('billsYou', { name })}</Notice>;
  if (!maySeeClients && !maySeePeople) return null;
  const clientChoices = known(
    (clients.data?.clients?.nodes ?? []).map(({ id, name, companyName }) => ({
      id,
      label: name,
      ...(companyName && companyName !== name && { description: companyName }),
    })),
    buyer.client ? { id: buyer.client.id, label: buyer.client.name } : undefined,
  );
  const customerChoices = known(
    (people.data?.users?.nodes ?? []).map(({ id, fullName, email }) => ({
      id,
      label: fullName,
      ...(email && { description: email }),
    })),
    buyer.customer ? { id: buyer.customer.id, label: buyer.customer.fullName } : undefined,
  );
  const labelOf = (choices: readonly Choice[], chosen: string): string =>
    choices.find(({ id }) => id === chosen)?.label ?? '';
  return (
    <>
      <div className="fields">
        {maySeeClients && (clients.data || clients.error) && (
          <ComboBox
            label={t('client')}
            name="clientId"
            description={t('clientHint')}
            choices={clientChoices}
            value={buyer.client?.id ?? null}
            onChange={(id) => onChange({ client: id === null ? null : { id, name: labelOf(clientChoices, id) } })}
            onSearch={setClient}
          />
        )}
        {maySeePeople && (people.data || people.error) && (
          <ComboBox
            label={t('customer')}
            name="customerId"
            description={t('customerHint')}
            choices={customerChoices}
            value={buyer.customer?.id ?? null}
            onChange={(id) =>
              onChange({ customer: id === null ? null : { id, fullName: labelOf(customerChoices, id) } })
            }
            onSearch={setCustomer}
          />
        )}
      </div>
      {buyer.client && !buyer.customer && <Notice>{t('staysYours', { name })}</Notice>}
    </>
  );
}
