import { PasserelleError } from '@passerelle/client';
import { getRouteApi } from '@tanstack/react-router';
import { useWords } from '../i18n/words';
import { useMay } from '../session/session';
import { Failure, Page } from '../ui/page';
import { Tabs } from '../ui/tabs';
import { CorrespondentsTab } from './correspondents-tab';
import { FieldsTab } from './fields-tab';
import type { FilingTab } from './routes';
import { TagsTab } from './tags-tab';
import { TypesTab } from './types-tab';
import { words } from './words';

/** Whoever may change nothing of it has come by an old link. */
const forbidden = new PasserelleError([{ message: 'Forbidden', extensions: { code: 'FORBIDDEN' } }]);

const route = getRouteApi('/app/filing');

const parts = {
  tags: { needs: 'tags:write', content: () => <TagsTab /> },
  types: { needs: 'document_types:write', content: () => <TypesTab /> },
  correspondents: { needs: 'correspondents:write', content: () => <CorrespondentsTab /> },
  fields: { needs: 'custom_fields:write', content: () => <FieldsTab /> },
} as const;

export function FilingPage() {
  const t = useWords(words);
  const may = useMay();
  const { tab } = route.useSearch();
  const navigate = route.useNavigate();
  const shown = (Object.keys(parts) as FilingTab[]).filter((id) => may(parts[id].needs));
  const [first] = shown;
  return (
    <Page title={t('title')} lead={t('lead')}>
      {first === undefined ? (
        <Failure error={forbidden} />
      ) : (
        <Tabs
          label={t('title')}
          selected={tab && shown.includes(tab) ? tab : first}
          onSelect={(id) => void navigate({ search: { tab: id as FilingTab }, replace: true })}
          tabs={shown.map((id) => ({ id, title: t(id), content: parts[id].content }))}
        />
      )}
    </Page>
  );
}
