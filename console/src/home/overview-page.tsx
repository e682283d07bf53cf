import { defineWords, useWords } from '../i18n/words';
import { useViewer } from '../session/session';
import { Page } from '../ui/page';

const words = defineWords('home', { hello: 'Good day, {{name}}' }, { hello: 'Bonjour {{name}}' });

export function OverviewPage() {
  const t = useWords(words);
  const { firstName } = useViewer();
  return <Page title={t('hello', { name: firstName })}>{null}</Page>;
}
