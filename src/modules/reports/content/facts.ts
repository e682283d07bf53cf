/** What a report says at its head of its client and its intervention, in words. */
import { printedCoordinates, printedMinutes, printedMoment } from '../../../print/french.js';
import type { Place, ReportContent } from './report-content.js';
import { interventionKindWords, interventionStatusWords, reportKindTitles, shortReference } from './report-words.js';

export interface Fact {
  label: string;
  value: string;
}

export const titleOfKind = ({ template, report }: ReportContent): string =>
  template.title ?? reportKindTitles[report.kind];

export const clientFacts = ({ client }: ReportContent): Fact[] =>
  present([
    ['Nom', [client.name, client.companyName].filter(Boolean).join('\n')],
    ['Contact', client.contact],
    ['Adresse', client.address],
    ['Téléphone', client.telephone],
    ['Courriel', client.email],
  ]);

export function interventionFacts({ intervention, timeZone }: ReportContent): Fact[] {
  const { kind, status, technicians, location, place } = intervention;
  return present([
    ['Nature', `${interventionKindWords[kind]} (${interventionStatusWords[status].toLowerCase()})`],
    ['Date', dateOf(intervention, timeZone)],
    ['Lieu', [location, place && printedPlace(place)].filter(Boolean).join('\n')],
    [technicians.length > 1 ? 'Techniciens' : 'Technicien', technicians.join(', ')],
    ['Référence', shortReference(intervention.id)],
  ]);
}

/** When it was done, or else when it is to be. */
function dateOf({ scheduledAt, startedAt, endedAt }: ReportContent['intervention'], timeZone: string): string {
  const start = printedMoment(startedAt ?? scheduledAt, timeZone);
  if (!startedAt || !endedAt) return start;
  const lasted = printedMinutes((Date.parse(endedAt) - Date.parse(startedAt)) / 60_000);
  return `${start}, durée ${lasted}`;
}

export const printedPlace = ({ accuracyMetres, ...place }: Place): string =>
  `${printedCoordinates(place)}${accuracyMetres == null ? '' : ` (± ${Math.round(accuracyMetres)}\u00a0m)`}`;

export const signedOn = (signedAt: string, timeZone: string): string =>
  `Signé sur place le ${printedMoment(signedAt, timeZone)}`;

const present = (facts: readonly (readonly [string, string | null | undefined])[]): Fact[] =>
  facts.flatMap(([label, value]) => (value?.trim() ? [{ label, value: value.trim() }] : []));
