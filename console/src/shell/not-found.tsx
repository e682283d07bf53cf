import { useWords } from '../i18n/words';
import { LinkButton } from '../ui/button';
import { Page } from '../ui/page';
import { words } from './words';

export function NotFound() {
  const t = useWords(words);
  return (
    <Page title={t('notFound')} lead={t('notFoundText')}>
      <div className="row">
        <LinkButton to="/">{t('toOverview')}</LinkButton>
      </div>
    </Page>
  );
}
