import { Link2, X } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button, IconButton } from '../ui/button';
import { Checkbox } from '../ui/checks';
import { DateField } from '../ui/date-field';
import { Dialog, DialogActions } from '../ui/dialog';
import { Form, TextField } from '../ui/form';
import { Badge } from '../ui/notice';
import { NumberField } from '../ui/number-field';
import { Card } from '../ui/page';
import { SecretDialog } from '../ui/secret';
import { complain, tell } from '../ui/toast';
import type { ShownDocument } from './document-page';
import { documentWords } from './document-words';
import {
  MakeShareLinkOperation,
  RevokeShareLinkOperation,
  ShareWithPersonOperation,
  UnshareWithPersonOperation,
} from './operations.gen';
import styles from './parts.module.css';

export const SharingTab = ({ document }: { document: ShownDocument }) => (
  <div className="stack">
    <People document={document} />
    <ShareLinks document={document} />
  </div>
);

function People({ document: { id, sharedWith } }: { document: ShownDocument }) {
  const t = useWords(documentWords);
  const [person, setPerson] = useState('');
  const share = useAction(ShareWithPersonOperation, { touches: ['documents'] });
  const unshare = useAction(UnshareWithPersonOperation, { touches: ['documents'], onError: complain });
  const add = async () => {
    if (!(await share.run({ input: { id, person } }))) return;
    tell(t('shared', { name: person }));
    setPerson('');
  };
  return (
    <Card title={t('people')}>
      <p className="quiet">{t('peopleText')}</p>
      {sharedWith.length === 0 ? (
        <p>{t('nobody')}</p>
      ) : (
        <ul className={styles.list}>
          {sharedWith.map((user) => (
            <li key={user.id}>
              <span className="row spread">
                <span>
                  {user.fullName} <span className="quiet">{user.username}</span>
                </span>
                <IconButton
                  label={t('unshare', { name: user.fullName })}
                  onPress={() => void unshare.run({ input: { id, userId: user.id } })}
                >
                  <X size={18} aria-hidden />
                </IconButton>
              </span>
            </li>
          ))}
        </ul>
      )}
      <Form isInline onSubmit={add} error={share.error} names={['person']}>
        <TextField
          name="person"
          label={t('person')}
          value={person}
          onChange={setPerson}
          isRequired
          autoCapitalize="none"
        />
        <Button type="submit" isPending={share.isRunning}>
          {t('share')}
        </Button>
      </Form>
    </Card>
  );
}

function ShareLinks({ document: { id, shareLinks } }: { document: ShownDocument }) {
  const t = useWords(documentWords);
  const [isMaking, setMaking] = useState(false);
  const [url, setUrl] = useState<string>();
  return (
    <Card
      title={t('links')}
      actions={
        <Button size="small" onPress={() => setMaking(true)}>
          <Link2 size={16} aria-hidden />
          {t('makeLink')}
        </Button>
      }
    >
      <p className="quiet">{t('linksText')}</p>
      {shareLinks.length > 0 && (
        <ul className={styles.list}>
          {shareLinks.map((link) => (
            <ShareLink key={link.id} link={link} />
          ))}
        </ul>
      )}
      <Dialog isOpen={isMaking} onClose={() => setMaking(false)} title={t('makeLink')}>
        <MakeLink
          id={id}
          onEnd={(made) => {
            setMaking(false);
            setUrl(made);
          }}
        />
      </Dialog>
      <SecretDialog title={t('linkMade')} secret={url ?? null} onClose={() => setUrl(undefined)} />
    </Card>
  );
}

function ShareLink({ link }: { link: ShownDocument['shareLinks'][number] }) {
  const t = useWords(documentWords);
  const format = useFormat();
  const revoke = useAction(RevokeShareLinkOperation, { touches: ['documents'], onError: complain });
  const isOver =
    (link.expiresAt != null && new Date(link.expiresAt) < new Date()) ||
    (link.maxDownloads != null && link.downloads >= link.maxDownloads);
  const state = link.revokedAt ? 'revoked' : isOver ? 'ended' : 'holds';
  const facts = [
    link.maxDownloads == null
      ? t('downloads', { count: link.downloads })
      : t('downloadsOf', { count: link.downloads, max: link.maxDownloads }),
    link.expiresAt && t('endsOn', { when: format.relative(link.expiresAt) }),
    link.hasPassword && t('withPassword'),
  ];
  return (
    <li>
      <span className="row spread">
        <span className="row">
          <code>{link.prefix}…</code>
          <Badge tone={state === 'holds' ? 'good' : 'plain'}>{t(state)}</Badge>
        </span>
        {state === 'holds' && (
          <Button size="small" kind="danger" onPress={() => void revoke.run({ input: { id: link.id } })}>
            {t('revoke')}
          </Button>
        )}
      </span>
      <span className="quiet">{facts.filter(Boolean).join(' · ')}</span>
    </li>
  );
}

function MakeLink({ id, onEnd }: { id: string; onEnd: (url: string | undefined) => void }) {
  const t = useWords(documentWords);
  const make = useAction(MakeShareLinkOperation, { touches: ['documents'] });
  const submit = async (values: FormData) => {
    const day = String(values.get('expiresAt') ?? '');
    const maxDownloads = Number(values.get('maxDownloads')) || null;
    const made = await make.run({
      input: {
        documentId: id,
        ...(day && { expiresAt: new Date(`${day}T23:59:59`).toISOString() }),
        ...(maxDownloads && { maxDownloads }),
        ...(values.get('password') && { password: String(values.get('password')) }),
        followsLatest: values.has('followsLatest'),
      },
    });
    if (made?.createShareLink) onEnd(made.createShareLink.url);
  };
  return (
    <Form onSubmit={submit} error={make.error} names={['expiresAt', 'maxDownloads', 'password']}>
      <div className="fields">
        <DateField name="expiresAt" label={t('expires')} />
        <NumberField name="maxDownloads" label={t('maxDownloads')} minValue={1} step={1} />
      </div>
      <TextField name="password" type="password" label={t('password')} minLength={8} autoComplete="new-password" />
      <Checkbox name="followsLatest">{t('follows')}</Checkbox>
      <DialogActions>
        <Button kind="primary" type="submit" isPending={make.isRunning}>
          {t('make')}
        </Button>
      </DialogActions>
    </Form>
  );
}
