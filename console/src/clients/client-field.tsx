import { useState } from 'react';
import { useGraph } from '../graph/use-graph';
import { ComboBox } from '../ui/choice-fields';
import { ClientChoiceOperation, ClientChoicesOperation } from './operations.gen';

interface ClientFieldProps {
  label: string;
  name?: string;
  /** UUID of the client that is chosen at first. */
  defaultValue?: string | undefined;
  isRequired?: boolean;
  onChange?: (id: string | null) => void;
}

/** A client, found by what is typed of its name. The form has the UUID. */
export function ClientField({ defaultValue, ...props }: ClientFieldProps) {
  const first = useGraph(
    ClientChoiceOperation,
    { id: defaultValue ?? '' },
    { topics: ['clients'], enabled: defaultValue !== undefined },
  );
  // The name is there before the field is, so that the list is not filtered by it.
  if (defaultValue !== undefined && first.isPending) return null;
  return <Search {...props} first={first.data?.client ?? undefined} />;
}

function Search({
  first,
  onChange,
  ...props
}: Omit<ClientFieldProps, 'defaultValue'> & { first: { id: string | number; name: string } | undefined }) {
  const [typed, setTyped] = useState(first?.name ?? '');
  const [chosen, setChosen] = useState<string | null>(first ? String(first.id) : null);
  const { data } = useGraph(ClientChoicesOperation, { search: typed || null }, { topics: ['clients'] });
  const found = data?.clients?.nodes ?? [];
  const choices = found.map(({ id, name, companyName, address }) => ({
    id: String(id),
    label: name,
    description: [companyName, address].filter(Boolean).join(' · '),
  }));
  const isThere = choices.some(({ id }) => id === chosen);
  return (
    <ComboBox
      {...props}
      choices={
        first && chosen === String(first.id) && !isThere ? [{ id: chosen, label: first.name }, ...choices] : choices
      }
      value={chosen}
      typed={typed}
      onSearch={setTyped}
      onChange={(id) => {
        setChosen(id);
        setTyped(choices.find((choice) => choice.id === id)?.label ?? '');
        onChange?.(id);
      }}
    />
  );
}
