import { useNavigate } from '@tanstack/react-router';
import { MapPinned } from 'lucide-react';
import { useGraphList } from '../graph/use-graph';
import { useFormat } from '../i18n/format';
import { useWords } from '../i18n/words';
import { Notice } from '../ui/notice';
import { Answer, Card, EmptyState, More } from '../ui/page';
import { kindWords, statusTones } from './labels';
import { type InterventionFilter, InterventionListOperation } from './operations.gen';
import { mapTiles, PlaceMap } from './place-map';
import { words } from './words';

const empty = { nodes: [], pageInfo: { hasNextPage: false }, totalCount: 0 };

/** The interventions that have coordinates, on a map. */
export function InterventionMap({ filter }: { filter: InterventionFilter }) {
  const t = useWords(words);
  const kindText = useWords(kindWords);
  const format = useFormat();
  const navigate = useNavigate();
  const list = useGraphList(
    InterventionListOperation,
    { filter, orderBy: 'SCHEDULED_AT_DESC' },
    { topics: ['interventions', 'clients'], connectionOf: ({ interventions }) => interventions ?? empty },
  );
  const places = list.nodes.flatMap(({ id, kind, status, client, scheduledAt, latitude, longitude }) =>
    latitude == null || longitude == null
      ? []
      : [
          {
            id: String(id),
            name: [client?.name, kindText(kind), format.dateTime(scheduledAt)].filter(Boolean).join(', '),
            latitude,
            longitude,
            tone: statusTones[status],
          },
        ],
  );
  const open = (id: string) => void navigate({ to: '/interventions/$id', params: { id }, search: {} });
  return (
    <Answer of={{ ...list, data: list.first }}>
      {() =>
        places.length === 0 ? (
          <Card>
            <EmptyState icon={<MapPinned size={32} aria-hidden />} title={t('noPlaces')} text={t('noPlacesText')} />
          </Card>
        ) : (
          <>
            {!mapTiles() && <Notice>{t('plainMap')}</Notice>}
            <PlaceMap label={t('mapOf')} places={places} onOpen={open} />
            <p className="quiet">{t('tooFew', { shown: places.length, total: list.totalCount ?? places.length })}</p>
            <More list={list} />
          </>
        )
      }
    </Answer>
  );
}
