import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Download, Ellipsis, ExternalLink, Gavel } from 'lucide-react';
import { DecisionRight } from '../decisions/decision-right';
import { useAction, useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay, useViewer } from '../session/session';
import { Button, FileLink, IconButton, LinkButton } from '../ui/button';
import { Menu } from '../ui/menu';
import { Notice } from '../ui/notice';
import { Answer, Card, EmptyState, Facts, Page } from '../ui/page';
import { Tabs } from '../ui/tabs';
import { complain, tell } from '../ui/toast';
import { ApprovalBadge } from './approval-badge';
import { DocumentText } from './document-text';
import { documentWords } from './document-words';
import { FactsForm } from './facts-form';
import { HistoryTab } from './history-tab';
import { NotesTab } from './notes-tab';
import {
  OneDocumentOperation,
  type OneDocumentQuery,
  RecogniseTextOperation,
  RestoreDocumentOperation,
  SubmitDocumentOperation,
  TrashDocumentOperation,
} from './operations.gen';
import { PageViewer } from './page-viewer';
import type { DocumentTab } from './routes';
import { SharingTab } from './sharing-tab';
import { TagChip } from './tag-chip';
import { VersionsTab } from './versions-tab';
import { useWaitsForText, WaitsFor } from './waits-for';
import styles from './document-page.module.css';

const route = getRouteApi('/app/documents/$id');

export type ShownDocument = NonNullable<OneDocumentQuery['document']>;

export function DocumentPage() {
  const t = useWords(documentWords);
  const { id } = route.useParams();
  const query = useGraph(OneDocumentOperation, { id }, { topics: ['documents', 'filing', 'approvals'] });
  return (
    <Answer of={query}>
      {({ document }) =>
        document ? (
          <OneDocument key={document.id} document={document} />
        ) : (
          <Page title={t('gone')}>
            <EmptyState
              title={t('gone')}
              text={t('goneText')}
              action={<LinkButton to="/documents">{t('toList')}</LinkButton>}
            />
          </Page>
        )
      }
    </Answer>
  );
}

function OneDocument({ document }: { document: ShownDocument }) {
  const t = useWords(documentWords);
  const may = useMay();
  const viewer = useViewer();
  const { tab = 'facts' } = route.useSearch();
  const navigate = route.useNavigate();
  const mayChange = may('documents:write') || (document.owner?.id === viewer.id && may('documents:own'));
  const isTrashed = document.deletedAt != null;
  const { title, approval } = document;
  return (
    <Page
      title={title}
      mark={<ApprovalBadge approval={approval} />}
      actions={<DocumentActions document={document} mayChange={mayChange} />}
    >
      {!isTrashed && approval?.status === 'PENDING' && (
        <>
          <WaitsFor approval={approval} />
          {!document.canDecide.allowed && <DecisionRight right={document.canDecide} />}
        </>
      )}
      {isTrashed && <Trashed document={document} mayChange={mayChange} />}
      <div className={styles.columns}>
        {!isTrashed && <PageViewer document={document} />}
        <Tabs
          label={t('parts')}
          selected={tab}
          onSelect={(chosen) => void navigate({ search: { tab: chosen as DocumentTab }, replace: true })}
          tabs={[
            {
              id: 'facts',
              title: t('facts'),
              content: () => (
                <div className="stack">
                  <Card>
                    {mayChange && !isTrashed ? <FactsForm document={document} /> : <ReadFacts document={document} />}
                  </Card>
                  <Card>
                    <FileFacts document={document} />
                  </Card>
                </div>
              ),
            },
            ...(isTrashed
              ? []
              : [
                  {
                    id: 'notes',
                    title: t('notes'),
                    content: () => <NotesTab id={document.id} mayChange={mayChange} />,
                  },
                  {
                    id: 'versions',
                    title: t('versions'),
                    content: () => <VersionsTab document={document} mayChange={mayChange} />,
                  },
                  { id: 'history', title: t('history'), content: () => <HistoryTab id={document.id} /> },
                  ...(mayChange
                    ? [{ id: 'sharing', title: t('sharing'), content: () => <SharingTab document={document} /> }]
                    : []),
                  { id: 'text', title: t('text'), content: () => <DocumentText id={document.id} /> },
                ]),
          ]}
        />
      </div>
    </Page>
  );
}

interface PartProps {
  document: ShownDocument;
  mayChange: boolean;
}

function DocumentActions({ document, mayChange }: PartProps) {
  const t = useWords(documentWords);
  const navigate = useNavigate();
  const { id, title, approval, deletedAt, textStatus } = document;
  const restore = useAction(RestoreDocumentOperation, { touches: ['documents'], onError: complain });
  const trash = useAction(TrashDocumentOperation, { touches: ['documents'], onError: complain });
  const recognise = useAction(RecogniseTextOperation, { touches: ['documents'], onError: complain });
  const waitsForText = useWaitsForText();
  const submit = useAction(SubmitDocumentOperation, { touches: ['documents', 'approvals'], onError: complain });
  if (deletedAt) return null;
  const toTrash = async () => {
    if (!(await trash.run({ input: { id } }))) return;
    tell(t('trashed', { name: title }), () => restore.run({ input: { id } }));
    await navigate({ to: '/documents' });
  };
  const canSubmit = !approval || approval.status === 'REJECTED' || approval.status === 'WITHDRAWN';
  const isScan = ['RECOGNISED', 'FAILED', 'RECOGNITION_UNAVAILABLE', 'EMPTY'].includes(textStatus);
  return (
    <>
      {document.canDecide.allowed && approval?.status === 'PENDING' && (
        <LinkButton to="/decisions" search={{ id: Number(id) }} kind="primary">
          <Gavel size={18} aria-hidden />
          {t('toDecision')}
        </LinkButton>
      )}
      <FileLink href={document.viewUrl}>
        <ExternalLink size={18} aria-hidden />
        {t('open')}
      </FileLink>
      <FileLink href={document.downloadUrl} download>
        <Download size={18} aria-hidden />
        {t('download')}
      </FileLink>
      {mayChange && (
        <Menu
          label={t('more')}
          groups={[
            {
              id: 'do',
              entries: [
                ...(canSubmit
                  ? [
                      {
                        id: 'submit',
                        label: t('submit'),
                        onAction: async () => {
                          const done = await submit.run({ input: { documentId: id } });
                          const pending = done?.submitDocument?.approval;
                          if (pending) tell(waitsForText(pending, title));
                        },
                      },
                    ]
                  : []),
                ...(isScan
                  ? [
                      {
                        id: 'recognise',
                        label: t('recognise'),
                        onAction: async () => {
                          if (await recognise.run({ input: { id } })) tell(t('recogniseAsked'));
                        },
                      },
                    ]
                  : []),
                { id: 'trash', label: t('trash'), isDanger: true, onAction: toTrash },
              ],
            },
          ]}
        >
          <IconButton label={t('more')}>
            <Ellipsis size={20} aria-hidden />
          </IconButton>
        </Menu>
      )}
    </>
  );
}

function Trashed({ document: { id, title }, mayChange }: PartProps) {
  const t = useWords(documentWords);
  const restore = useAction(RestoreDocumentOperation, {
    touches: ['documents'],
    onError: complain,
    onDone: () => tell(t('restored', { name: title })),
  });
  return (
    <Notice tone="warn" role="status">
      <span className="row">
        {t('inTrash')}
        {mayChange && (
          <Button size="small" onPress={() => void restore.run({ input: { id } })}>
            {t('restore')}
          </Button>
        )}
      </span>
    </Notice>
  );
}

function ReadFacts({ document }: { document: ShownDocument }) {
  const t = useWords(documentWords);
  const format = useFormat();
  return (
    <>
      {!document.deletedAt && <p className="quiet">{t('readOnly')}</p>}
      <Facts
        facts={[
          [t('type'), document.type?.label],
          [t('correspondent'), document.correspondent?.name],
          [t('date'), format.date(document.documentDate)],
          [t('amount'), format.money(document.amount, document.currency)],
          [t('asn'), document.asn],
          ...document.fields.map(({ field, value }) => [field.name, value] as const),
        ]}
      />
      <span className="row">
        {document.tags.map((tag) => (
          <TagChip key={tag.id} {...tag} />
        ))}
      </span>
    </>
  );
}

function FileFacts({ document }: { document: ShownDocument }) {
  const t = useWords(documentWords);
  const format = useFormat();
  return (
    <Facts
      facts={[
        [t('file'), document.originalFilename],
        [t('size'), format.bytes(document.sizeBytes)],
        [t('pages'), document.pageCount],
        [t('version'), document.version],
        [t('textStatus'), t(document.textStatus)],
        [t('owner'), document.owner?.fullName],
        [t('filed'), format.dateTime(document.createdAt)],
        [t('changed'), format.relative(document.updatedAt)],
      ]}
    />
  );
}
