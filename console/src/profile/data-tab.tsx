import { Download } from 'lucide-react';
import { useState } from 'react';
import { useAction, useGraph } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { isErased, useViewer } from '../session/session';
import { Button, FileLink } from '../ui/button';
import { Checkbox } from '../ui/checks';
import { Dialog, DialogActions } from '../ui/dialog';
import { Answer, Card, Facts } from '../ui/page';
import { DeleteOwnAccountOperation, type DeleteOwnAccountMutation, OwnExportOperation } from './operations.gen';
import { ProofDialog } from './proof';
import { words } from './words';

/** What is kept of one: to take along, and to erase. */
export function DataTab() {
  const t = useWords(words);
  return (
    <div className="stack">
      <Card title={t('export')}>
        <p className="quiet">{t('exportText')}</p>
        <Export />
      </Card>
      <Erasure />
    </div>
  );
}

function Export() {
  const t = useWords(words);
  const format = useFormat();
  // Made when it is asked for: it reads everything that is kept.
  const [isWanted, setWanted] = useState(false);
  const query = useGraph(OwnExportOperation, {}, { topics: [], enabled: isWanted });
  if (!isWanted)
    return (
      <div className="row">
        <Button onPress={() => setWanted(true)}>{t('prepareExport')}</Button>
      </div>
    );
  return (
    <Answer of={query}>
      {({ personalDataExport: made }) =>
        made && (
          <>
            <Facts
              facts={[
                [t('exportedAt'), format.dateTime(made.exportedAt)],
                [t('files'), format.number(made.files.length)],
                [t('size'), format.bytes(made.files.reduce((sum, { sizeBytes }) => sum + Number(sizeBytes), 0))],
              ]}
            />
            <div className="row">
              <FileLink href={made.url} download={made.name} kind="primary">
                <Download size={16} aria-hidden />
                {t('downloadExport')}
              </FileLink>
            </div>
          </>
        )
      }
    </Answer>
  );
}

function Erasure() {
  const t = useWords(words);
  const { username } = useViewer();
  const [asks, setAsks] = useState(false);
  const [isSure, setSure] = useState(false);
  const [done, setDone] = useState<DeleteOwnAccountMutation['deleteOwnAccount']>(null);
  const erase = useAction(DeleteOwnAccountOperation, {
    touches: [],
    onDone: ({ deleteOwnAccount }) => {
      isErased.set(true);
      setAsks(false);
      setDone(deleteOwnAccount);
    },
  });
  return (
    <Card title={t('erase')}>
      <p>{t('eraseText')}</p>
      <Checkbox isSelected={isSure} onChange={setSure}>
        {t('eraseSure', { name: username })}
      </Checkbox>
      <div className="row">
        <Button kind="danger" isDisabled={!isSure} onPress={() => setAsks(true)}>
          {t('erase')}
        </Button>
      </div>
      <ProofDialog
        isOpen={asks}
        onClose={() => setAsks(false)}
        title={t('erase')}
        text={t('eraseProof')}
        action={t('erase')}
        isDanger
        error={erase.error}
        onProof={(input) => erase.run({ input })}
      />
      <Dialog isOpen={done !== null} isDismissable={false} title={t('erased')}>
        <p>{t('erasedText')}</p>
        {done && done.remains.length > 0 && (
          <>
            <p>{t('erasedKept')}</p>
            <ul>
              {done.remains.map(({ what, count, reason }) => (
                <li key={what}>
                  {what} ({count}): {reason}
                </li>
              ))}
            </ul>
          </>
        )}
        <DialogActions>
          <Button kind="primary" onPress={() => location.assign('/console/sign-in')}>
            {t('leave')}
          </Button>
        </DialogActions>
      </Dialog>
    </Card>
  );
}
