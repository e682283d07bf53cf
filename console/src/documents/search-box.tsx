import { CircleHelp, Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import {
  Button as AriaButton,
  ComboBox,
  Dialog,
  DialogTrigger,
  Group,
  Heading,
  Input,
  ListBox,
  ListBoxItem,
  Popover,
} from 'react-aria-components';
import { useGraph } from '../graph/use-graph';
import { defineWords, useWords } from '../i18n/words';
import { IconButton } from '../ui/button';
import { SearchSuggestionsOperation } from './operations.gen';
import { words } from './words';
import styles from './search-box.module.css';

interface SearchBoxProps {
  /** What is searched for now. */
  value: string;
  onSearch: (q: string) => void;
}

/** Words to search for, with suggestions while one types, and what the search understands. */
export function SearchBox({ value, onSearch }: SearchBoxProps) {
  const t = useWords(words);
  const [typed, setTyped] = useState(value);
  const [shown, setShown] = useState(value);
  // The address changed elsewhere: a saved view, the back button.
  if (shown !== value) {
    setShown(value);
    setTyped(value);
  }
  const asked = useDeferredValue(typed.trim());
  const { data } = useGraph(
    SearchSuggestionsOperation,
    { q: asked },
    { topics: ['documents'], enabled: asked.length >= 2 && asked !== value },
  );
  const suggestions = asked.length >= 2 && asked !== value ? (data?.searchSuggestions ?? []) : [];
  const items = suggestions.map(({ text, type }, index) => ({ id: String(index), text, type }));
  const submit = (q: string) => {
    setTyped(q);
    onSearch(q.trim());
  };
  return (
    <div className={styles.box} role="search">
      <ComboBox
        aria-label={t('search')}
        className={styles.combo ?? ''}
        allowsCustomValue
        allowsEmptyCollection={false}
        inputValue={typed}
        onInputChange={setTyped}
        items={items}
        value={null}
        onChange={(key) => {
          const chosen = items.find(({ id }) => id === key);
          if (chosen) submit(quoted(chosen));
        }}
      >
        <Group className="combo">
          <Search size={18} aria-hidden />
          <Input
            type="search"
            placeholder={t('search')}
            onKeyDownCapture={(event) => {
              if (event.key !== 'Enter' || event.currentTarget.getAttribute('aria-activedescendant')) return;
              event.preventDefault();
              submit(event.currentTarget.value);
            }}
          />
        </Group>
        <Popover className="popover">
          <ListBox className="list-box">
            {(item: (typeof items)[number]) => (
              <ListBoxItem id={item.id} textValue={item.text}>
                <span>{item.text}</span>
                <span className="quiet">{t(`suggestion_${item.type}`)}</span>
              </ListBoxItem>
            )}
          </ListBox>
        </Popover>
      </ComboBox>
      <SearchHelp onTry={submit} />
    </div>
  );
}

/** What a suggestion searches for: a document by the words of its title, the others by their field. */
function quoted({ text, type }: { text: string; type: string }): string {
  const phrase = `"${text.replaceAll('"', ' ')}"`;
  if (type === 'TAG') return `tag:${phrase}`;
  return type === 'CORRESPONDENT' ? `from:${phrase}` : phrase;
}

const helpWords = defineWords(
  'search-help',
  {
    title: 'What the search understands',
    lead: 'Accents and endings are forgiven. Choose an example to try it.',
    words: 'all of these words',
    phrase: 'exactly this phrase',
    beginning: 'words that begin so',
    or: 'one or the other; parentheses group',
    not: 'without this word',
    tag: 'with this tag',
    type: 'of this type',
    from: 'of this correspondent',
    date: 'dated in this month, or year, or on this day',
    between: 'dated after, before',
    amount: 'an amount above, below, between',
    asn: 'with this archive serial number',
  },
  {
    title: 'Ce que la recherche comprend',
    lead: 'Accents et terminaisons sont pardonnés. Choisissez un exemple pour l’essayer.',
    words: 'tous ces mots',
    phrase: 'exactement cette expression',
    beginning: 'les mots qui commencent ainsi',
    or: 'l’un ou l’autre ; les parenthèses groupent',
    not: 'sans ce mot',
    tag: 'avec cette étiquette',
    type: 'de ce type',
    from: 'de ce correspondant',
    date: 'daté de ce mois, de cette année ou de ce jour',
    between: 'daté après, avant',
    amount: 'un montant au-dessus, en dessous, entre deux',
    asn: 'avec ce numéro d’archive',
  },
);

const examples = [
  ['facture énergie', 'words'],
  ['"visite annuelle"', 'phrase'],
  ['contr*', 'beginning'],
  ['(gaz OU énergie) contrat', 'or'],
  ['facture -avoir', 'not'],
  ['tag:urgent', 'tag'],
  ['type:facture', 'type'],
  ['from:edf', 'from'],
  ['date:2026-01', 'date'],
  ['after:2026-01-01 before:2026-07-01', 'between'],
  ['amount:>100 amount:10..20', 'amount'],
  ['asn:42', 'asn'],
] as const;

function SearchHelp({ onTry }: { onTry: (q: string) => void }) {
  const t = useWords(helpWords);
  const labels = useWords(words);
  return (
    <DialogTrigger>
      <IconButton label={labels('help')}>
        <CircleHelp size={20} aria-hidden />
      </IconButton>
      <Popover className="popover" placement="bottom end">
        <Dialog className={styles.help ?? ''}>
          {({ close }) => (
            <>
              <Heading slot="title" level={2}>
                {t('title')}
              </Heading>
              <p className="quiet">{t('lead')}</p>
              <ul className={styles.examples}>
                {examples.map(([example, says]) => (
                  <li key={example}>
                    <AriaButton
                      className={styles.example ?? ''}
                      onPress={() => {
                        close();
                        onTry(example);
                      }}
                    >
                      <code>{example}</code>
                    </AriaButton>
                    <span className="quiet">{t(says)}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
