import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { problemText } from '../graph/problems';
import { useAction, useGraph } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Select } from '../ui/choice-fields';
import { DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { Badge, Notice, Problem } from '../ui/notice';
import { Loading } from '../ui/page';
import { StaleSave } from '../ui/stale-save';
import { tell } from '../ui/toast';
import {
  CreateTagOperation,
  DryRunOperation,
  type FiledTagFragment,
  FiledTagNowOperation,
  UpdateTagOperation,
} from './operations.gen';
import { type Rule, RuleFields, useStaleRule } from './rule-fields';
import { useTheirs } from './use-theirs';
import { words } from './words';
import styles from './tag-form.module.css';

interface TagFormProps {
  /** All others. */
  tags: readonly FiledTagFragment[];
  /** Absent: a new one. */
  tag?: FiledTagFragment;
  onEnd: () => void;
}

const none = '-';

type Filled = Rule & { name: string; color: string; parentId: string | null };

export function TagForm({ tags, tag, onEnd }: TagFormProps) {
  const t = useWords(words);
  const [rule, setRule] = useState<Rule>({
    match: tag?.match ?? '',
    matchingAlgorithm: tag?.matchingAlgorithm ?? 'NONE',
  });
  const [tried, setTried] = useState<Rule>();
  const touches = ['filing', 'documents'] as const;
  const create = useAction(CreateTagOperation, { touches });
  const update = useAction(UpdateTagOperation, { touches });
  const [mine, setMine] = useState<Filled>();
  const theirs = useTheirs(FiledTagNowOperation, tag?.id, update.error)?.tag;
  const staleRule = useStaleRule();
  const save = async (facts: Filled, version?: number) => {
    setMine(facts);
    const done = tag
      ? await update.run({ input: { id: tag.id, version, ...facts } })
      : await create.run({ input: facts });
    if (!done) return;
    tell(t('saved', { name: facts.name }));
    onEnd();
  };
  const submit = (values: FormData) => {
    const parent = String(values.get('parentId'));
    const [name, color] = [String(values.get('name')), String(values.get('color'))];
    return save({ name, color, parentId: parent === none ? null : parent, ...rule }, tag?.version);
  };
  const nameOf = (id: string | null | undefined): string =>
    id == null ? t('noParent') : (tags.find((each) => each.id === id)?.name ?? id);
  return (
    <Form onSubmit={submit} error={create.error ?? update.error} names={['name', 'parentId', 'match']}>
      <div className={styles.named}>
        <TextField name="name" label={t('name')} defaultValue={tag?.name ?? ''} isRequired autoFocus />
        <label className={styles.colour}>
          <span>{t('colour')}</span>
          <input type="color" name="color" defaultValue={(tag?.color ?? '#6b7280').toLowerCase()} />
        </label>
      </div>
      <Select
        name="parentId"
        label={t('below')}
        defaultValue={tag?.parent?.id ?? none}
        choices={[
          { id: none, label: t('noParent') },
          ...tags.filter(({ id }) => id !== tag?.id).map(({ id, name }) => ({ id, label: name })),
        ]}
      />
      <RuleFields rule={rule} onChange={setRule} />
      {rule.matchingAlgorithm !== 'NONE' &&
        (tag ? (
          <div className="stack">
            <span className="row">
              <Button size="small" onPress={() => setTried(rule)}>
                {t('dryRun')}
              </Button>
              <span className="quiet">{t('dryRunText')}</span>
            </span>
            {tried && <DryRun id={tag.id} rule={tried} />}
          </div>
        ) : (
          <p className="quiet">{t('dryRunFirst')}</p>
        ))}
      <DialogActions>
        <Button onPress={onEnd}>{t('cancel')}</Button>
        <Button kind="primary" type="submit" isPending={create.isRunning || update.isRunning}>
          {t('save')}
        </Button>
      </DialogActions>
      {mine && theirs && (
        <StaleSave
          error={update.error}
          topics={['filing']}
          fields={[
            { name: t('name'), mine: mine.name, theirs: theirs.name },
            { name: t('colour'), mine: mine.color.toUpperCase(), theirs: theirs.color.toUpperCase() },
            { name: t('below'), mine: nameOf(mine.parentId), theirs: nameOf(theirs.parent?.id) },
            ...staleRule(mine, theirs),
          ]}
          onKeepMine={() => save(mine, theirs.version)}
          onTakeTheirs={onEnd}
        />
      )}
    </Form>
  );
}

/** What a rule would put the tag on. */
function DryRun({ id, rule }: { id: string; rule: Rule }) {
  const t = useWords(words);
  const { data, error, isFetching } = useGraph(DryRunOperation, { id, ...rule }, { topics: ['documents'] });
  if (error) return <Problem>{problemText(error)}</Problem>;
  if (!data?.tagDryRun || isFetching) return <Loading />;
  const { scanned, documents } = data.tagDryRun;
  return (
    <>
      <Notice role="status">{t('dryRunFound', { count: documents.length, scanned })}</Notice>
      <ul className={styles.found}>
        {documents.map(({ id: document, title, tags }) => (
          <li key={document}>
            <Link to="/documents/$id" params={{ id: document }} target="_blank">
              {title}
            </Link>{' '}
            {!tags.some((each) => each.id === id) && <Badge tone="info">{t('dryRunNew')}</Badge>}
          </li>
        ))}
      </ul>
    </>
  );
}
