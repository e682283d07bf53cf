import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { useGraph } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { IconButton } from '../ui/button';
import { Loading } from '../ui/page';
import { documentWords } from './document-words';
import { DocumentPageImageOperation } from './operations.gen';
import { PreviewPicture } from './preview-picture';
import styles from './page-viewer.module.css';

interface PageViewerProps {
  document: { id: string; version: number; title: string; pageCount?: number | null };
}

/** The pages of a document as pictures, one at a time. */
export function PageViewer({ document: { id, version, title, pageCount } }: PageViewerProps) {
  const t = useWords(documentWords);
  const [chosen, setPage] = useState(1);
  const count = pageCount ?? 1;
  const page = Math.min(chosen, count);
  const { data } = useGraph(DocumentPageImageOperation, { id, page }, { topics: [] });
  const url = data?.document?.pageUrl;
  return (
    <section className={styles.viewer} aria-label={t('preview')}>
      {count > 1 && (
        <div className={styles.tools}>
          <IconButton label={t('previous')} isDisabled={page <= 1} onPress={() => setPage(page - 1)}>
            <ChevronLeft size={20} aria-hidden />
          </IconButton>
          <span aria-live="polite">{t('page', { page, count })}</span>
          <IconButton label={t('next')} isDisabled={page >= count} onPress={() => setPage(page + 1)}>
            <ChevronRight size={20} aria-hidden />
          </IconButton>
        </div>
      )}
      <div className={styles.paper}>
        {url === undefined ? (
          <Loading />
        ) : (
          <PreviewPicture src={`${url}?v=${version}`} alt={`${title} – ${t('pageOf', { page })}`} isLazy={false} />
        )}
      </div>
    </section>
  );
}
