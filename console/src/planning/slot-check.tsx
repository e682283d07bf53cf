import { useGraph } from '../graph/use-graph';
import { useWords } from '../i18n/words';
import { Notice } from '../ui/notice';
import { SlotCheckOperation } from './operations.gen';
import { words } from './words';

interface SlotProps {
  startsAt: string | null;
  endsAt: string | null;
  technician: string | null;
  clientId: string | null;
  /** UUID of the appointment that is moved. */
  exceptId?: string;
}

/** Says at once whether a time is free. */
export function SlotNotice({ startsAt, endsAt, technician, clientId, exceptId }: SlotProps) {
  const t = useWords(words);
  const isOrdered = startsAt !== null && endsAt !== null && startsAt < endsAt;
  const { data, isFetching } = useGraph(
    SlotCheckOperation,
    { startsAt: startsAt ?? '', endsAt: endsAt ?? '', technician, clientId, exceptId: exceptId ?? null },
    { topics: ['appointments'], enabled: isOrdered && (technician !== null || clientId !== null) },
  );
  const check = data?.slotCheck;
  if (startsAt !== null && endsAt !== null && !isOrdered) return <Notice tone="bad">{t('order')}</Notice>;
  return (
    <div role="status">
      {isFetching && <Notice>{t('checking')}</Notice>}
      {!isFetching && check && !check.isFree && (
        <Notice tone="warn">{t('conflict', { count: check.conflictCount })}</Notice>
      )}
      {!isFetching && check?.isFree && <Notice tone="good">{t('free')}</Notice>}
    </div>
  );
}
