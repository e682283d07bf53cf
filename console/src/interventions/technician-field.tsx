import { useState } from 'react';
import { useGraph } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { useViewer } from '../session/session';
import { ComboBox } from '../ui/choice-fields';
import { PeopleOperation } from './operations.gen';
import { words } from './words';

/** The people of the firm; the viewer alone for whoever may not list them. */
export function usePeople(): readonly { id: string; username: string; fullName: string; uuid: string }[] {
  const viewer = useViewer();
  const { data } = useGraph(PeopleOperation, { search: null }, { topics: ['people'] });
  const people = data?.users?.nodes ?? [viewer];
  return people.map(({ id, username, fullName, uuid }) => ({ id: String(id), username, fullName, uuid: String(uuid) }));
}

interface TechnicianFieldProps {
  label: string;
  name: string;
  /** As the graph has it: a user name, or any text. */
  defaultValue?: string | null | undefined;
  onChange?: (technician: string | null) => void;
}

/** Who goes there: a person of the firm, or any name. The form has the user name, or the text. */
export function TechnicianField({ label, name, defaultValue, onChange }: TechnicianFieldProps) {
  const t = useWords(words);
  const people = usePeople();
  const textFor = (technician: string) =>
    people.find(({ username, uuid }) => [username, uuid].includes(technician))?.fullName ?? technician;
  const [typed, setTyped] = useState<string>();
  const shown = typed ?? textFor(defaultValue ?? '');
  const valueOf = (text: string) => people.find(({ fullName }) => fullName === text.trim())?.username ?? text.trim();
  return (
    <>
      <ComboBox
        label={label}
        description={t('technicianHint')}
        allowsCustomValue
        choices={people.map(({ username, fullName }) => ({ id: username, label: fullName, description: username }))}
        typed={shown}
        onTyped={(text) => {
          setTyped(text);
          onChange?.(valueOf(text) || null);
        }}
      />
      <input type="hidden" name={name} value={valueOf(shown)} />
    </>
  );
}
