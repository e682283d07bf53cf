import { Download } from 'lucide-react';
import { problemText } from '../graph/problems';
import { useAction, useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button, FileLink } from '../ui/button';
import { FileDrop } from '../ui/file-drop';
import { Badge, Problem } from '../ui/notice';
import { Answer, Card, More } from '../ui/page';
import { complain, tell } from '../ui/toast';
import type { ShownDocument } from './document-page';
import { documentWords } from './document-words';
import { DocumentVersionsOperation, ReplaceFileOperation, RestoreVersionOperation } from './operations.gen';
import styles from './parts.module.css';

/** The files that it had, and a newer one in its place. */
export function VersionsTab({ document, mayChange }: { document: ShownDocument; mayChange: boolean }) {
  const t = useWords(documentWords);
  const format = useFormat();
  const { id } = document;
  const list = useGraphList(
    DocumentVersionsOperation,
    { id },
    {
      topics: ['documents'],
      connectionOf: ({ document }) => document?.versions ?? { nodes: [], pageInfo: { hasNextPage: false } },
    },
  );
  const replace = useAction(ReplaceFileOperation, {
    touches: ['documents', 'approvals'],
    onDone: ({ replaceDocumentFile }) => tell(t('replaced', { number: replaceDocumentFile?.document.version ?? '' })),
  });
  const restore = useAction(RestoreVersionOperation, {
    touches: ['documents', 'approvals'],
    onError: complain,
    onDone: ({ restoreDocumentVersion }) =>
      tell(t('replaced', { number: restoreDocumentVersion?.document.version ?? '' })),
  });
  return (
    <Card isFlush>
      {mayChange && (
        <div className={styles.inset}>
          {replace.error != null && <Problem>{problemText(replace.error)}</Problem>}
          <FileDrop
            label={t('newVersion')}
            action={t('chooseFile')}
            isMultiple={false}
            onFiles={([file]) => void replace.run({ input: { id, file: file as never } })}
          />
        </div>
      )}
      <Answer of={list}>
        {() => (
          <>
            <ul className={styles.list}>
              <li>
                <span className="row">
                  <strong>
                    {t('version')} {document.version}
                  </strong>
                  <Badge tone="good">{t('current')}</Badge>
                </span>
                <span className="quiet">
                  {document.originalFilename} · {format.bytes(document.sizeBytes)}
                </span>
              </li>
              {list.nodes.map((version) => {
                const when = format.relative(version.replacedAt);
                const who = version.replacedBy?.fullName;
                return (
                  <li key={version.id}>
                    <strong>
                      {t('version')} {version.number}
                    </strong>
                    <span className="quiet">
                      {version.originalFilename} · {format.bytes(version.sizeBytes)} ·{' '}
                      {who ? t('replacedBy', { when, who }) : t('replacedAt', { when })}
                    </span>
                    <span className="row">
                      <FileLink size="small" href={version.downloadUrl} download>
                        <Download size={16} aria-hidden />
                        {t('download')}
                      </FileLink>
                      {mayChange && (
                        <Button
                          size="small"
                          isPending={restore.isRunning}
                          onPress={() => void restore.run({ input: { id, number: version.number } })}
                        >
                          {t('restoreVersion')}
                        </Button>
                      )}
                    </span>
                  </li>
                );
              })}
            </ul>
            <More list={list} />
          </>
        )}
      </Answer>
    </Card>
  );
}
