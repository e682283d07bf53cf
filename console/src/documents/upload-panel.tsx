import { Link } from '@tanstack/react-router';
import { CircleAlert, CircleCheck, Copy, X } from 'lucide-react';
import { useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react';
import { useLive } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { Button, IconButton } from '../ui/button';
import { Progress } from '../ui/progress';
import { UploadIngestsOperation } from './operations.gen';
import { type Upload, uploads } from './running-uploads';
import { closeUploads, isUnderWay, noteIngest, retryUpload } from './uploads';
import { words } from './words';
import styles from './upload-panel.module.css';

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/** Takes files that are dropped anywhere on the page; true while some are over it. */
export function useDroppedFiles(onFiles: (files: File[]) => void, isEnabled: boolean): boolean {
  const [isOver, setOver] = useState(false);
  const take = useEffectEvent(onFiles);
  useEffect(() => {
    if (!isEnabled) return;
    const ending = new AbortController();
    const { signal } = ending;
    // Entering a child leaves its parent: only the last leave is the end.
    let depth = 0;
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth -= 1;
      if (depth <= 0) setOver(false);
    };
    const over = (event: DragEvent) => hasFiles(event) && event.preventDefault();
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) take(files);
    };
    addEventListener('dragenter', enter, { signal });
    addEventListener('dragleave', leave, { signal });
    addEventListener('dragover', over, { signal });
    addEventListener('drop', drop, { signal });
    return () => ending.abort();
  }, [isEnabled]);
  return isOver;
}

export const DropHint = () => {
  const t = useWords(words);
  return (
    <div className={styles.hint} aria-hidden>
      {t('dropHere')}
    </div>
  );
};

/** What is being uploaded, with how far each file is. */
export function UploadPanel() {
  const t = useWords(words);
  const all = useSyncExternalStore(uploads.subscribe, uploads.get);
  const isFollowed = all.some(({ state }) => state.kind === 'recognising' || state.kind === 'reading');
  useLive(UploadIngestsOperation, {}, { onEvent: noteIngest, enabled: isFollowed });
  if (all.length === 0) return null;
  const done = all.filter((upload) => !isUnderWay(upload) && upload.state.kind !== 'failed').length;
  return (
    <section className={styles.panel} aria-label={t('uploads')}>
      <header>
        <strong role="status">{t('uploadsUnder', { done, total: all.length })}</strong>
        <IconButton label={t('close')} onPress={closeUploads}>
          <X size={18} aria-hidden />
        </IconButton>
      </header>
      <ul>
        {all.map((upload) => (
          <li key={upload.key}>
            <OneUpload upload={upload} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function OneUpload({ upload: { key, file, state } }: { upload: Upload }) {
  const t = useWords(words);
  switch (state.kind) {
    case 'waiting':
      return <Progress label={`${file.name} · ${t('waiting')}`} value={0} />;
    case 'sending':
      return <Progress label={`${file.name} · ${t('sending')}`} value={Math.round(state.share * 100)} />;
    case 'reading':
      return <Progress label={`${file.name} · ${t('reading')}`} />;
    case 'recognising':
      return (
        <Progress
          label={`${file.name} · ${t('recognising')}`}
          value={state.total ? Math.round((state.done / state.total) * 100) : null}
        />
      );
    case 'filed':
      return (
        <p className={styles.end}>
          <CircleCheck size={18} className={styles.good} aria-hidden />
          <Link to="/documents/$id" params={{ id: state.documentId }}>
            {file.name}
          </Link>
          <span className="quiet">{t('filedDone')}</span>
        </p>
      );
    case 'duplicate': {
      const { existingId, isExistingTrashed } = state.problem;
      return (
        <p className={styles.end}>
          <Copy size={18} aria-hidden />
          <span>{file.name}</span>
          <span className="quiet">{t(isExistingTrashed ? 'duplicateTrashed' : 'duplicate')}</span>
          {existingId && (
            <Link to={isExistingTrashed ? '/trash' : '/documents/$id'} params={{ id: existingId }}>
              {t('openExisting')}
            </Link>
          )}
        </p>
      );
    }
    case 'failed':
      return (
        <p className={styles.end}>
          <CircleAlert size={18} className={styles.bad} aria-hidden />
          <span>{file.name}</span>
          <span className="quiet">{[t('failed'), state.message].filter(Boolean).join(' · ')}</span>
          {!state.isFinal && (
            <Button size="small" onPress={() => retryUpload(key)}>
              {t('again')}
            </Button>
          )}
        </p>
      );
  }
}
