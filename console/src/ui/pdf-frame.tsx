import { useEffect, useState } from 'react';
import { problemText } from '../graph/problems';
import { useWords } from '../i18n/words';
import { FileLink } from './button';
import { Problem } from './notice';
import { Loading } from './page';
import { words } from './words';
import styles from './pdf-frame.module.css';

interface PdfFrameProps {
  /** A path of this server that answers a PDF to the session's cookie. */
  href: string;
  title: string;
  /** Another value has the file fetched again. */
  version?: string;
}

/**
 * A PDF beside the facts, by the browser's own viewer. The server's pages may not be framed and theirs frame nothing
 * but `blob:`, so the file is fetched and framed as one; its type is set here, so that nothing else can be. Where the
 * browser has no viewer (on phones) there is a link.
 */
export function PdfFrame({ href, title, version = '' }: PdfFrameProps) {
  const t = useWords(words);
  const [url, setUrl] = useState<string>();
  const [error, setError] = useState<unknown>();
  const hasViewer = navigator.pdfViewerEnabled;
  useEffect(() => {
    if (!hasViewer) return;
    const ending = new AbortController();
    let made: string | undefined;
    const show = async (): Promise<void> => {
      const response = await fetch(href, { signal: ending.signal, credentials: 'same-origin' });
      if (!response.ok) throw new Error(t('pdfFailed', { status: response.status }));
      const bytes = await response.arrayBuffer();
      made = URL.createObjectURL(new Blob([bytes], { type: 'application/pdf' }));
      setError(undefined);
      setUrl(made);
    };
    show().catch((problem: unknown) => !ending.signal.aborted && setError(problem));
    return () => {
      ending.abort();
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [href, version, hasViewer, t]);

  if (!hasViewer)
    return (
      <div>
        <FileLink href={href}>{t('openPdf')}</FileLink>
      </div>
    );
  if (error) return <Problem>{problemText(error)}</Problem>;
  if (url === undefined) return <Loading />;
  return <iframe className={styles.frame} src={`${url}#toolbar=0&navpanes=0&view=FitH`} title={title} />;
}
