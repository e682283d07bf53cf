import { useGraph } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { Answer, Card } from '../ui/page';
import { documentWords } from './document-words';
import { DocumentTextOperation } from './operations.gen';
import styles from './parts.module.css';

/** What was read in the file, which the search looks through. */
export function DocumentText({ id }: { id: string }) {
  const t = useWords(documentWords);
  const query = useGraph(DocumentTextOperation, { id }, { topics: ['documents'] });
  return (
    <Card>
      <Answer of={query}>
        {({ document }) =>
          document?.content ? (
            <div className={styles.text} tabIndex={0} role="region" aria-label={t('text')}>
              {document.content}
            </div>
          ) : (
            <p className="quiet">{t('noText')}</p>
          )
        }
      </Answer>
    </Card>
  );
}
