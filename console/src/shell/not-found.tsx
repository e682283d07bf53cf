import { useWords } from '../i18n/words';
import { LinkButton } from '../ui/button';
import { EmptyState, useTitle } from '../ui/page';
import { words } from './words';

export function NotFound() {
  const t = useWords(words);
  useTitle(t('notFound'));
  return (
    <EmptyState
      title={t('notFound')}
      text={t('notFoundText')}
      action={<LinkButton to="/">{t('toOverview')}</LinkButton>}
    />
  );
}
