import { FileText, Plus } from 'lucide-react';
import { useState } from 'react';
import { FileTrigger } from 'react-aria-components';
import { useAction, useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Button } from '../ui/button';
import { Checkbox } from '../ui/checks';
import { Select } from '../ui/choice-fields';
import { ConfirmButton, Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { textOf } from '../ui/form-values';
import { Answer, Card, EmptyState, Page } from '../ui/page';
import { Table } from '../ui/table';
import { complain, tell } from '../ui/toast';
import { reportKinds, reportKindWords } from './detail-words';
import {
  CreateTemplateOperation,
  DeleteTemplateOperation,
  type ReportKind,
  type ReportSection,
  ReportTemplateListOperation,
  type TemplateFactsFragment,
  UpdateTemplateOperation,
} from './operations.gen';
import { sections, sectionWords, templateWords } from './template-words';
import './views.css';

export function ReportTemplatesPage() {
  const t = useWords(templateWords);
  const kindText = useWords(reportKindWords);
  const format = useFormat();
  const mayWrite = useMay()('report_templates:write');
  const query = useGraph(ReportTemplateListOperation, {}, { topics: ['reports'] });
  const [opened, setOpened] = useState<TemplateFactsFragment | 'new'>();
  const close = () => setOpened(undefined);
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        mayWrite && (
          <Button kind="primary" onPress={() => setOpened('new')}>
            <Plus size={18} aria-hidden /> {t('add')}
          </Button>
        )
      }
    >
      <Card isFlush>
        <Answer of={query}>
          {({ reportTemplates }) => (
            <Table
              label={t('title')}
              items={(reportTemplates?.nodes ?? []).map((node) => ({ ...node, id: String(node.id) }))}
              {...(mayWrite && { onOpen: setOpened })}
              columns={[
                { id: 'name', title: t('name'), isName: true, cell: ({ name }) => <strong>{name}</strong> },
                { id: 'kind', title: t('kind'), cell: ({ kind }) => (kind ? kindText(kind) : t('all')) },
                {
                  id: 'changed',
                  title: t('changed'),
                  isExtra: true,
                  cell: ({ updatedAt }) => format.relative(updatedAt),
                },
              ]}
              empty={<EmptyState icon={<FileText size={32} aria-hidden />} title={t('none')} text={t('noneText')} />}
            />
          )}
        </Answer>
      </Card>
      <Dialog isOpen={opened !== undefined} onClose={close} title={t(opened === 'new' ? 'add' : 'edit')}>
        {opened && <TemplateForm {...(opened !== 'new' && { template: opened })} onDone={close} />}
      </Dialog>
    </Page>
  );
}

const names = ['name', 'title', 'kind', 'accentColour', 'introduction', 'closing'];

function TemplateForm({ template, onDone }: { template?: TemplateFactsFragment; onDone: () => void }) {
  const t = useWords(templateWords);
  const kindText = useWords(reportKindWords);
  const sectionText = useWords(sectionWords);
  const [shown, setShown] = useState<readonly ReportSection[]>(template?.sections ?? sections);
  // Undefined: as it is; null: taken away.
  const [logo, setLogo] = useState<File | null>();
  const creating = useAction(CreateTemplateOperation, { touches: ['reports'] });
  const updating = useAction(UpdateTemplateOperation, { touches: ['reports'] });
  const deleting = useAction(DeleteTemplateOperation, { touches: ['reports'], onError: complain });
  const action = template ? updating : creating;
  const submit = async (values: FormData) => {
    const accentColour = textOf(values, 'accentColour');
    const input = {
      name: textOf(values, 'name') ?? '',
      title: textOf(values, 'title'),
      kind: reportKinds.find((each): each is ReportKind => each === textOf(values, 'kind')) ?? null,
      introduction: textOf(values, 'introduction'),
      closing: textOf(values, 'closing'),
      sections: [...shown],
      ...(accentColour && { accentColour }),
      ...(logo !== undefined && { logo }),
    };
    const done = template
      ? await updating.run({ input: { id: template.id, ...input } })
      : await creating.run({ input });
    if (!done) return;
    tell(t('saved'));
    onDone();
  };
  const remove = async () => {
    if (!template || !(await deleting.run({ input: { id: template.id } }))) return;
    tell(t('removed'));
    onDone();
  };
  const toggle = (section: ReportSection, isThere: boolean) =>
    setShown(isThere ? [...shown, section] : shown.filter((each) => each !== section));
  const hasLogo = logo === undefined ? template?.hasLogo : logo !== null;
  return (
    <Form onSubmit={submit} error={action.error} names={names}>
      <div className="fields">
        <TextField name="name" label={t('name')} defaultValue={template?.name ?? ''} isRequired maxLength={100} />
        <Select
          name="kind"
          label={t('kind')}
          defaultValue={template?.kind ?? 'all'}
          choices={[{ id: 'all', label: t('all') }, ...reportKinds.map((id) => ({ id, label: kindText(id) }))]}
        />
        <TextField name="title" label={t('paper')} defaultValue={template?.title ?? ''} maxLength={100} />
        <TextField name="accentColour" label={t('colour')} defaultValue={template?.accentColour ?? '#1f3a5f'} />
      </div>
      <TextField
        name="introduction"
        label={t('introduction')}
        defaultValue={template?.introduction ?? ''}
        isMultiline
      />
      <TextField name="closing" label={t('closing')} defaultValue={template?.closing ?? ''} isMultiline />
      <fieldset className="template-sections">
        <legend>{t('sections')}</legend>
        <div className="columns">
          {sections.map((section) => (
            <Checkbox
              key={section}
              isSelected={shown.includes(section)}
              onChange={(isThere) => toggle(section, isThere)}
            >
              {sectionText(section)}
            </Checkbox>
          ))}
        </div>
      </fieldset>
      <div className="row">
        <FileTrigger
          acceptedFileTypes={['image/png', 'image/jpeg', 'image/gif', 'image/webp']}
          onSelect={(list) => list?.[0] && setLogo(list[0])}
        >
          <Button size="small">{t('chooseLogo')}</Button>
        </FileTrigger>
        <span className="quiet">{logo ? t('newLogo', { name: logo.name }) : t(hasLogo ? 'hasLogo' : 'noLogo')}</span>
        {hasLogo && (
          <Button size="small" onPress={() => setLogo(null)}>
            {t('dropLogo')}
          </Button>
        )}
      </div>
      <DialogActions>
        {template && (
          <ConfirmButton title={t('removeTitle')} text={t('removeText')} action={t('remove')} onConfirm={remove}>
            {t('remove')}
          </ConfirmButton>
        )}
        <Button onPress={onDone}>{t('cancel')}</Button>
        <Button kind="primary" type="submit" isPending={action.isRunning}>
          {t('save')}
        </Button>
      </DialogActions>
    </Form>
  );
}
