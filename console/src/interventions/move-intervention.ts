import { useAction } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { complain, tell } from '../ui/toast';
import { statusWords } from './labels';
import { type InterventionStatus, MoveInterventionOperation } from './operations.gen';
import { words } from './words';

/** Moves an intervention on; the server says why when it may not stand there. Resolves to whether it was moved. */
export function useMove() {
  const t = useWords(words);
  const statusText = useWords(statusWords);
  const action = useAction(MoveInterventionOperation, {
    touches: ['interventions', 'clients', 'appointments'],
    onError: complain,
  });
  const move = async (id: string, status: InterventionStatus, version?: number, comment?: string | null) => {
    const done = await action.run({ input: { id, status, version: version ?? null, comment: comment ?? null } });
    if (done) tell(t('moved', { status: statusText(status) }));
    return done !== undefined;
  };
  return { move, isMoving: action.isRunning };
}
