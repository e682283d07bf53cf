import { useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Answer, Card, More } from '../ui/page';
import { documentWords } from './document-words';
import { DocumentHistoryOperation } from './operations.gen';
import styles from './parts.module.css';

/** What happened to a document, newest first. */
export function HistoryTab({ id }: { id: string }) {
  const t = useWords(documentWords);
  const format = useFormat();
  const list = useGraphList(
    DocumentHistoryOperation,
    { id },
    {
      topics: ['documents', 'approvals'],
      connectionOf: ({ document }) => document?.history ?? { nodes: [], pageInfo: { hasNextPage: false } },
    },
  );
  const nameOfField = (field: string): string => {
    if (field.startsWith('fields.')) return field.slice('fields.'.length);
    const key = `field_${field}`;
    const said = t(key as 'field_title');
    return said === key ? field : said;
  };
  const sentenceOf = (name: string, fields: readonly string[]): string => {
    const said = t(name as 'document.updated', { fields: format.list(fields.map(nameOfField)) });
    return said === name ? t('otherEvent', { name }) : said;
  };
  return (
    <Card isFlush>
      <Answer of={list}>
        {() => (
          <>
            <ol className={styles.list}>
              {list.nodes.map(({ id: entry, name, actorName, occurredAt, fields }) => (
                <li key={entry}>
                  <span>
                    {name !== 'document.link_used' && <strong>{actorName ?? t('bySystem')} </strong>}
                    {sentenceOf(name, fields)}
                  </span>
                  <time className="quiet" dateTime={occurredAt} title={format.dateTime(occurredAt)}>
                    {format.relative(occurredAt)}
                  </time>
                </li>
              ))}
            </ol>
            <More list={list} />
          </>
        )}
      </Answer>
    </Card>
  );
}
