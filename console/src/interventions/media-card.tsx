import { Camera, FileText, Film, Mic, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { FileTrigger } from 'react-aria-components';
import { useAction, useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Button, IconButton } from '../ui/button';
import { FileDrop } from '../ui/file-drop';
import { Form, TextField } from '../ui/form';
import { ownAddress } from '../ui/own-address';
import { Answer, Card, EmptyState, More } from '../ui/page';
import { Progress } from '../ui/progress';
import { StaleSave } from '../ui/stale-save';
import { complain, tell } from '../ui/toast';
import { detailWords } from './detail-words';
import {
  ChangeMediumOperation,
  InterventionMediaOperation,
  type InterventionMediaQuery,
  RemoveMediumOperation,
  UploadMediumOperation,
} from './operations.gen';
import styles from './cards.module.css';

type ListedMedium = NonNullable<InterventionMediaQuery['media']>['nodes'][number];

const empty = { nodes: [], pageInfo: { hasNextPage: false }, totalCount: 0 };

/** Sends files one after the other, so that a slow network of the field finishes the first ones. */
export function useUploads(interventionId: string) {
  const t = useWords(detailWords);
  const [sending, setSending] = useState<{ name: string; place: number; of: number }>();
  const action = useAction(UploadMediumOperation, { touches: ['media', 'interventions'], onError: complain });
  const send = async (files: readonly File[]) => {
    let count = 0;
    for (const [index, file] of files.entries()) {
      setSending({ name: file.name, place: index, of: files.length });
      if (await action.run({ input: { interventionId, file, id: crypto.randomUUID() } })) count += 1;
    }
    setSending(undefined);
    if (count > 0) tell(t('sent', { count }));
  };
  return { send, sending };
}

/** A button that opens the camera of a phone. */
export function CameraButton({ interventionId, size }: { interventionId: string; size?: 'normal' | 'small' }) {
  const t = useWords(detailWords);
  const { send, sending } = useUploads(interventionId);
  return (
    <FileTrigger
      acceptedFileTypes={['image/*']}
      defaultCamera="environment"
      onSelect={(list) => list && void send([...list])}
    >
      <Button isPending={sending !== undefined} size={size ?? 'normal'}>
        <Camera size={18} aria-hidden /> {t('camera')}
      </Button>
    </FileTrigger>
  );
}

export function MediaCard({ interventionId }: { interventionId: string }) {
  const t = useWords(detailWords);
  const mayWrite = useMay()('media:write');
  const { send, sending } = useUploads(interventionId);
  const list = useGraphList(
    InterventionMediaOperation,
    { id: interventionId },
    { topics: ['media'], connectionOf: ({ media }) => media ?? empty },
  );
  return (
    <Card title={t('media')} actions={mayWrite && <CameraButton interventionId={interventionId} size="small" />}>
      {mayWrite && <FileDrop label={t('drop')} action={t('choose')} onFiles={send} camera="environment" />}
      {sending && (
        <Progress
          label={t('uploading', { name: sending.name })}
          value={sending.of > 1 ? (100 * sending.place) / sending.of : null}
        />
      )}
      <Answer of={{ ...list, data: list.first }}>
        {() =>
          list.nodes.length === 0 ? (
            <EmptyState icon={<Camera size={32} aria-hidden />} title={t('mediaNone')} text={t('mediaNoneText')} />
          ) : (
            <ul className={styles.grid}>
              {list.nodes.map((medium) => (
                <Medium key={medium.id} medium={medium} mayWrite={mayWrite} />
              ))}
            </ul>
          )
        }
      </Answer>
      <More list={list} />
    </Card>
  );
}

const pictures = { PHOTO: Camera, VIDEO: Film, AUDIO: Mic, DOCUMENT: FileText, OTHER: FileText };

function Medium({ medium, mayWrite }: { medium: ListedMedium; mayWrite: boolean }) {
  const t = useWords(detailWords);
  const format = useFormat();
  const removing = useAction(RemoveMediumOperation, { touches: ['media', 'interventions'], onError: complain });
  const Picture = pictures[medium.kind];
  const name = medium.description ?? medium.originalFilename;
  const remove = async () => {
    if (await removing.run({ input: { id: medium.id } })) tell(t('removed'));
  };
  return (
    <li className={styles.medium}>
      <a href={ownAddress(medium.fileUrl)} target="_blank" rel="noreferrer" className={styles.picture}>
        {medium.thumbnailUrl ? (
          <img src={ownAddress(medium.thumbnailUrl)} alt={name} loading="lazy" />
        ) : (
          <>
            <Picture size={36} aria-hidden />
            <span className="visually-hidden">
              {t('open')}: {name}
            </span>
          </>
        )}
      </a>
      <span className="row spread">
        <span className="quiet">
          {format.date(medium.takenAt ?? medium.createdAt)} · {format.bytes(Number(medium.sizeBytes))}
        </span>
        {mayWrite && (
          <IconButton label={`${t('remove')}: ${name}`} onPress={remove}>
            <Trash2 size={16} aria-hidden />
          </IconButton>
        )}
      </span>
      {mayWrite ? <Caption medium={medium} /> : <span>{medium.description}</span>}
    </li>
  );
}

function Caption({ medium }: { medium: ListedMedium }) {
  const t = useWords(detailWords);
  // What is typed stays, on the version that it began with, whatever comes meanwhile.
  const [draft, setDraft] = useState<{ text: string; version: number }>();
  const action = useAction(ChangeMediumOperation, { touches: ['media'] });
  const save = async (version: number) => {
    const description = draft?.text.trim() || null;
    if (draft && !(await action.run({ input: { id: medium.id, description, version } }))) return;
    setDraft(undefined);
    tell(t('saved'));
  };
  return (
    <>
      <Form onSubmit={() => save(draft?.version ?? medium.version)} error={action.error} isInline>
        <TextField
          name="description"
          label={t('caption')}
          value={draft?.text ?? medium.description ?? ''}
          onChange={(text) => setDraft({ text, version: draft?.version ?? medium.version })}
        />
        <Button size="small" type="submit" isPending={action.isRunning}>
          {t('save')}
        </Button>
      </Form>
      <StaleSave
        error={action.error}
        topics={['media']}
        fields={[{ name: t('caption'), mine: draft?.text ?? '', theirs: medium.description ?? '' }]}
        onKeepMine={() => save(medium.version)}
        onTakeTheirs={() => {
          setDraft(undefined);
          action.reset();
        }}
      />
    </>
  );
}
