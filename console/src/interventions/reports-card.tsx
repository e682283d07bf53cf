import { FileText, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useAction, useGraph, useLive } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Button, FileLink, IconButton, LinkButton } from '../ui/button';
import { Checkbox } from '../ui/checks';
import { Select } from '../ui/choice-fields';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { textOf } from '../ui/form-values';
import { Badge, Problem } from '../ui/notice';
import { ownAddress } from '../ui/own-address';
import { Card, EmptyState } from '../ui/page';
import { Progress } from '../ui/progress';
import { complain, tell } from '../ui/toast';
import { detailWords, reportKinds, reportKindWords } from './detail-words';
import { reportStatusWords, reportTones } from './labels';
import {
  ChangeReportOperation,
  GenerateReportOperation,
  RegenerateReportOperation,
  RemoveReportOperation,
  type ReportFormat,
  type ReportKind,
  ReportProgressOperation,
  type ReportRowFragment,
  ReportTemplateChoicesOperation,
} from './operations.gen';
import styles from './cards.module.css';

interface ReportsCardProps {
  interventionId: string;
  reports: readonly ReportRowFragment[];
}

export function ReportsCard({ interventionId, reports }: ReportsCardProps) {
  const t = useWords(detailWords);
  const mayWrite = useMay()('reports:write');
  const [isMaking, setMaking] = useState(false);
  const [progress, setProgress] = useState<Readonly<Record<string, number>>>({});
  useLive(
    ReportProgressOperation,
    { interventionId },
    {
      onEvent: ({ reportEvents: { reportId, progress: at } }) => {
        if (at != null) setProgress((before) => ({ ...before, [reportId]: at }));
      },
    },
  );
  return (
    <Card
      title={t('reports')}
      actions={
        mayWrite && (
          <Button size="small" onPress={() => setMaking(true)}>
            <Plus size={16} aria-hidden /> {t('generate')}
          </Button>
        )
      }
    >
      {reports.length === 0 && (
        <EmptyState icon={<FileText size={32} aria-hidden />} title={t('reportsNone')} text={t('reportsNoneText')} />
      )}
      <ul className={styles.rows}>
        {reports.map((report) => (
          <ReportLine
            key={report.id}
            report={report}
            progress={progress[report.id] ?? report.progress}
            mayWrite={mayWrite}
          />
        ))}
      </ul>
      <NewReportDialog interventionId={interventionId} isOpen={isMaking} onClose={() => setMaking(false)} />
    </Card>
  );
}

interface ReportLineProps {
  report: ReportRowFragment;
  progress: number;
  mayWrite: boolean;
}

function ReportLine({ report, progress, mayWrite }: ReportLineProps) {
  const t = useWords(detailWords);
  const statusText = useWords(reportStatusWords);
  const format = useFormat();
  const touching = { touches: ['reports', 'interventions'] as const, onError: complain };
  const regenerating = useAction(RegenerateReportOperation, touching);
  const changing = useAction(ChangeReportOperation, touching);
  const removing = useAction(RemoveReportOperation, touching);
  const { id, version, status } = report;
  const isOpen = status !== 'VALIDATED' && status !== 'ARCHIVED';
  const remove = async () => {
    if (await removing.run({ input: { id } })) tell(t('removed'));
  };
  return (
    <li>
      <span className={styles.what}>
        <span className="row">
          <strong>{report.title}</strong>
          <Badge tone={reportTones[status]}>{statusText(status)}</Badge>
        </span>
        <span className="quiet">
          {report.author}, {format.dateTime(report.generatedAt ?? report.createdAt)}
        </span>
        {status === 'IN_PROGRESS' && <Progress label={t('making')} value={progress} />}
        {status === 'FAILED' && report.error && <Problem>{report.error}</Problem>}
      </span>
      <span className={styles.tools}>
        {report.fileUrl && (
          <FileLink href={ownAddress(report.fileUrl)} size="small" download>
            {t('download')} {report.format} {format.bytes(Number(report.sizeBytes))}
          </FileLink>
        )}
        {report.document && (
          <LinkButton to={`/documents/${report.document.id}` as '/'} size="small">
            {t('toDocument')}
          </LinkButton>
        )}
        {mayWrite && isOpen && status !== 'IN_PROGRESS' && (
          <>
            <Button
              size="small"
              isPending={regenerating.isRunning}
              onPress={() => regenerating.run({ input: { id, version } })}
            >
              {t('regenerate')}
            </Button>
            {status === 'GENERATED' && (
              <Button size="small" onPress={() => changing.run({ input: { id, version, status: 'VALIDATED' } })}>
                {t('validate')}
              </Button>
            )}
            <IconButton label={`${t('remove')}: ${report.title}`} onPress={remove}>
              <Trash2 size={16} aria-hidden />
            </IconButton>
          </>
        )}
      </span>
    </li>
  );
}

const formats = ['PDF', 'DOCX', 'CSV'] as const;

interface NewReportProps {
  interventionId: string;
  isOpen: boolean;
  onClose: () => void;
}

function NewReportDialog({ interventionId, isOpen, onClose }: NewReportProps) {
  const t = useWords(detailWords);
  const kindText = useWords(reportKindWords);
  const templates = useGraph(ReportTemplateChoicesOperation, {}, { topics: ['reports'], enabled: isOpen });
  const [withMedia, setWithMedia] = useState(true);
  const [withPlaces, setWithPlaces] = useState(true);
  const action = useAction(GenerateReportOperation, { touches: ['reports', 'interventions', 'documents'] });
  const close = () => {
    action.reset();
    onClose();
  };
  const make = async (values: FormData) => {
    const done = await action.run({
      input: {
        id: crypto.randomUUID(),
        interventionId,
        title: textOf(values, 'title'),
        description: textOf(values, 'description'),
        kind: textOf(values, 'kind') as ReportKind,
        format: textOf(values, 'format') as ReportFormat,
        template: textOf(values, 'template'),
        withMedia,
        withPlaces,
      },
    });
    if (done) close();
  };
  const names = templates.data?.reportTemplates?.nodes.map(({ name }) => ({ id: name, label: name })) ?? [];
  return (
    <Dialog isOpen={isOpen} onClose={close} title={t('generate')}>
      <Form onSubmit={make} error={action.error} names={['title', 'description', 'kind', 'format', 'template']}>
        <TextField name="title" label={t('reportTitle')} maxLength={300} autoFocus />
        <div className="fields">
          <Select
            name="kind"
            label={t('reportKind')}
            defaultValue="INTERVENTION"
            choices={reportKinds.map((id) => ({ id, label: kindText(id) }))}
          />
          <Select
            name="format"
            label={t('reportFormat')}
            defaultValue="PDF"
            choices={formats.map((id) => ({ id, label: id }))}
          />
        </div>
        <Select
          name="template"
          label={t('template')}
          defaultValue="default"
          choices={[{ id: 'default', label: t('builtIn') }, ...names]}
        />
        <TextField name="description" label={t('description')} isMultiline />
        <div className="row">
          <Checkbox isSelected={withMedia} onChange={setWithMedia}>
            {t('withMedia')}
          </Checkbox>
          <Checkbox isSelected={withPlaces} onChange={setWithPlaces}>
            {t('withPlaces')}
          </Checkbox>
        </div>
        <DialogActions>
          <Button onPress={close}>{t('cancel')}</Button>
          <Button kind="primary" type="submit" isPending={action.isRunning}>
            {t('generate')}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
