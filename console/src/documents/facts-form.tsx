import { useState } from 'react';
import { hasReason } from '../graph/problems';
import { useAction, useGraph } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { useFirmCurrency } from '../session/session';
import { Button } from '../ui/button';
import { DateField } from '../ui/date-field';
import { DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { Notice } from '../ui/notice';
import { amountFormat, NumberField } from '../ui/number-field';
import { tell } from '../ui/toast';
import { CorrespondentChoice, TagPicker, TypeChoice } from './choices';
import { CustomFieldInputs } from './custom-field-inputs';
import { documentWords } from './document-words';
import { changesOf, differences, type Facts, factsOf } from './facts';
import {
  type DocumentFactsFragment,
  FactFieldsOperation,
  SaveFactsOperation,
  TypeChoicesOperation,
} from './operations.gen';
import { StaleFacts } from './stale-facts';

/** What the person began to edit on: it stays while they type, whatever happens elsewhere. */
interface Draft {
  revision: number;
  before: Facts;
  facts: Facts;
}

/** The facts of a document, edited in place. What others change appears at once where nothing was edited here. */
export function FactsForm({ document }: { document: DocumentFactsFragment }) {
  const t = useWords(documentWords);
  const firmCurrency = useFirmCurrency();
  const [draft, setDraft] = useState<Draft>();
  const [isStale, setStale] = useState(false);
  const { data } = useGraph(FactFieldsOperation, {}, { topics: ['filing'] });
  const { data: typeData } = useGraph(TypeChoicesOperation, {}, { topics: ['filing'] });
  const fields = data?.customFields?.nodes ?? [];
  const now = factsOf(document);
  const facts = draft?.facts ?? now;
  const save = useAction(SaveFactsOperation, {
    touches: ['documents', 'approvals'],
    onError: (error) => hasReason(error, 'stale_version') && setStale(true),
  });
  const isEdited = draft !== undefined && differences(draft.before, draft.facts).length > 0;
  const isOld = isEdited && document.revision !== draft.revision;

  const set = (changes: Partial<Facts>) => {
    const base = draft ?? { revision: document.revision, before: now };
    const next = { ...base, facts: { ...facts, ...changes } };
    // While the last version is being sent, what it began from says nothing of what is there.
    setDraft(save.isRunning || differences(next.before, next.facts).length > 0 ? next : undefined);
  };
  const send = async (revision: number, before: Facts, after: Facts) => {
    const input = { id: document.id, revision, ...changesOf(before, after, fields) };
    const saved = (await save.run({ input }))?.updateDocument?.document;
    if (!saved) return;
    // What was typed meanwhile is still to be saved, on top of what is there now.
    setDraft((typed) =>
      typed && typed !== draft ? { revision: saved.revision, before: factsOf(saved), facts: typed.facts } : undefined,
    );
    setStale(false);
    tell(t('saved'));
  };
  const revert = () => {
    setDraft(undefined);
    save.reset();
  };
  const typeNames = new Map((typeData?.documentTypes?.nodes ?? []).map(({ id, label }) => [id, label]));
  return (
    <>
      <Form
        onSubmit={() => draft && send(draft.revision, draft.before, draft.facts)}
        error={isStale ? undefined : save.error}
        names={['title', 'amount', 'currency', 'asn', 'documentDate']}
      >
        {isOld && <Notice tone="warn">{t('elsewhere')}</Notice>}
        <TextField
          name="title"
          label={t('name')}
          value={facts.title}
          onChange={(title) => set({ title })}
          isRequired
          maxLength={500}
        />
        <div className="fields">
          <TypeChoice
            label={t('type')}
            none={t('noType')}
            value={facts.type?.id ?? null}
            onChange={(id) => set({ type: id === null ? null : { id, name: typeNames.get(id) ?? id } })}
          />
          <CorrespondentChoice
            label={t('correspondent')}
            none={t('noCorrespondent')}
            value={facts.correspondent?.id ?? null}
            chosen={facts.correspondent}
            onChange={(id, name) => set({ correspondent: id === null ? null : { id, name: name ?? id } })}
          />
        </div>
        <TagPicker label={t('tags')} value={facts.tags} onChange={(tags) => set({ tags })} />
        <div className="fields">
          <DateField
            name="documentDate"
            label={t('date')}
            value={facts.documentDate}
            onChange={(documentDate) => set({ documentDate })}
          />
          <NumberField
            name="asn"
            label={t('asn')}
            value={facts.asn ?? Number.NaN}
            minValue={1}
            step={1}
            formatOptions={{ useGrouping: false }}
            onChange={(asn) => set({ asn: Number.isNaN(asn) ? null : asn })}
          />
        </div>
        <div className="fields">
          <NumberField
            name="amount"
            label={t('amount')}
            value={facts.amount ?? Number.NaN}
            formatOptions={amountFormat(facts.currency ?? firmCurrency)}
            onChange={(amount) =>
              set({ amount: Number.isNaN(amount) ? null : amount, currency: facts.currency ?? firmCurrency })
            }
          />
          <TextField
            name="currency"
            label={t('currency')}
            value={facts.currency ?? ''}
            maxLength={3}
            autoCapitalize="none"
            onChange={(currency) => set({ currency: currency.toUpperCase() || null })}
          />
        </div>
        <CustomFieldInputs
          fields={fields.filter(({ documentType }) => !documentType || documentType.id === facts.type?.id)}
          values={facts.fields}
          onChange={(id, value) => set({ fields: { ...facts.fields, [id]: value } })}
        />
        {isEdited && (
          <DialogActions>
            <Button onPress={revert}>{t('revert')}</Button>
            <Button kind="primary" type="submit" isPending={save.isRunning}>
              {t('save')}
            </Button>
          </DialogActions>
        )}
      </Form>
      {draft && (
        <StaleFacts
          isOpen={isStale}
          before={draft.before}
          yours={draft.facts}
          theirs={now}
          fields={fields}
          isRunning={save.isRunning}
          onCancel={() => setStale(false)}
          onSave={(chosen) => void send(document.revision, now, chosen)}
        />
      )}
    </>
  );
}
