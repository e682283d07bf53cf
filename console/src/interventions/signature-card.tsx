import { useRef, useState } from 'react';
import { useAction } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Button } from '../ui/button';
import { Form, TextField } from '../ui/form';
import { textOf } from '../ui/form-values';
import { Card } from '../ui/page';
import { tell } from '../ui/toast';
import { detailWords } from './detail-words';
import type { ShownIntervention } from './intervention-page';
import { SignInterventionOperation } from './operations.gen';
import { SignaturePad, type Stroke, signaturePicture } from './signature-pad';
import styles from './cards.module.css';

interface SignatureCardProps {
  intervention: Pick<ShownIntervention, 'id' | 'signedAt' | 'signatoryName' | 'signatureFile' | 'client'>;
  mayWrite: boolean;
}

export function SignatureCard({ intervention, mayWrite }: SignatureCardProps) {
  const t = useWords(detailWords);
  const format = useFormat();
  const [isSigning, setSigning] = useState(false);
  const { signedAt, signatoryName, signatureFile } = intervention;
  return (
    <Card
      title={t('signature')}
      actions={
        mayWrite &&
        !isSigning && (
          <Button size="small" onPress={() => setSigning(true)}>
            {signedAt ? t('signAgain') : t('sign')}
          </Button>
        )
      }
    >
      {signedAt ? (
        <figure className="stack">
          {signatureFile && (
            <img
              // Of a new signature the address is the same: the moment has the browser ask again.
              src={`${signatureFile.downloadUrl}?at=${encodeURIComponent(signedAt)}`}
              alt={t('signature')}
              className={styles.signature}
            />
          )}
          <figcaption>{t('signedBy', { name: signatoryName ?? '', when: format.dateTime(signedAt) })}</figcaption>
        </figure>
      ) : (
        !isSigning && <p className="quiet">{t('signNone')}</p>
      )}
      {isSigning && (
        <SignatureForm
          interventionId={String(intervention.id)}
          suggestion={intervention.client?.name}
          onDone={() => setSigning(false)}
        />
      )}
    </Card>
  );
}

interface SignatureFormProps {
  interventionId: string;
  suggestion: string | undefined;
  onDone: () => void;
}

/** Drawn by finger or mouse; whoever draws nothing signs by the name that is typed. */
export function SignatureForm({ interventionId, suggestion, onDone }: SignatureFormProps) {
  const t = useWords(detailWords);
  const strokes = useRef<Stroke[]>([]);
  const [round, setRound] = useState(0);
  const action = useAction(SignInterventionOperation, { touches: ['interventions'] });
  const sign = async (values: FormData) => {
    const name = textOf(values, 'name') ?? '';
    const image = await signaturePicture(strokes.current, name);
    const done = await action.run({ input: { id: interventionId, name, image } });
    if (!done) return;
    tell(t('signed'));
    onDone();
  };
  return (
    <Form onSubmit={sign} error={action.error} names={['name']}>
      <TextField name="name" label={t('signatory')} defaultValue={suggestion ?? ''} isRequired maxLength={255} />
      <SignaturePad key={round} label={t('drawHere')} strokes={strokes.current} />
      <div className="row">
        <Button kind="primary" type="submit" isPending={action.isRunning}>
          {t('sign')}
        </Button>
        <Button
          onPress={() => {
            strokes.current = [];
            setRound(round + 1);
          }}
        >
          {t('clearDrawing')}
        </Button>
        <Button onPress={onDone}>{t('cancel')}</Button>
      </div>
    </Form>
  );
}
