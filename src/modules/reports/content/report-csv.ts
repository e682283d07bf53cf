/** A report as a table for spreadsheets: a line for each thing that it says, whatever its template leaves out. */
import { byteOrderMark, csvOf, defused } from '../../../lib/csv.js';
import type { Place, ReportContent } from './report-content.js';
import {
  interventionKindWords,
  interventionStatusWords,
  mediumKindWords,
  reportKindTitles,
  sectionTitles,
} from './report-words.js';

const head = ['rubrique', 'element', 'valeur', 'date', 'detail', 'latitude', 'longitude'];

type Line = [
  section: string,
  item: string,
  value?: string | null,
  at?: string | null,
  detail?: string | null,
  place?: Place | null,
];

export function writeReportCsv(content: ReportContent): string {
  const rows = linesOf(content).map(([section, item, value, at, detail, place]) => [
    section,
    defused(item),
    defused(value ?? ''),
    at ?? '',
    defused(detail ?? ''),
    place ? decimal(place.latitude) : '',
    place ? decimal(place.longitude) : '',
  ]);
  return byteOrderMark + csvOf([head, ...rows], { separator: ';' });
}

/** As spreadsheets in France read a number. */
const decimal = (value: number | string): string => String(value).replace('.', ',');

function linesOf(content: ReportContent): Line[] {
  const { report, client, intervention, template } = content;
  return [
    ['Rapport', 'Identifiant', report.id],
    ['Rapport', 'Édition', report.edition],
    ['Rapport', 'Nature', template.title ?? reportKindTitles[report.kind]],
    ['Rapport', 'Titre', report.title, report.madeAt, report.description],
    ['Rapport', 'Auteur', report.author],
    ...report.written.map(({ heading, paragraphs }): Line => ['Rapport', heading ?? 'Texte', paragraphs.join('\n\n')]),
    ['Client', 'Nom', client.name, null, client.companyName],
    ['Client', 'Contact', client.contact],
    ['Client', 'Adresse', client.address],
    ['Client', 'Téléphone', client.telephone],
    ['Client', 'Courriel', client.email],
    ['Intervention', 'Identifiant', intervention.id],
    ['Intervention', 'Nature', interventionKindWords[intervention.kind]],
    ['Intervention', 'Statut', interventionStatusWords[intervention.status]],
    ['Intervention', 'Prévue', null, intervention.scheduledAt, intervention.description],
    ['Intervention', 'Commencée', null, intervention.startedAt],
    ['Intervention', 'Terminée', null, intervention.endedAt],
    ['Intervention', 'Lieu', intervention.location, null, null, intervention.place],
    ...intervention.technicians.map((name): Line => ['Intervention', 'Technicien', name]),
    ...listedLines(content),
  ];
}

const listedLines = ({
  timeline,
  findings,
  checklist,
  hours,
  parts,
  photos,
  otherMedia,
  signature,
}: ReportContent): Line[] => [
  ...timeline.map(({ to, by, at, comment }): Line => [
    sectionTitles.timeline,
    interventionStatusWords[to],
    by,
    at,
    comment,
  ]),
  ...findings.map(({ kind, result, inspectedAt, observations, place }): Line => [
    sectionTitles.findings,
    kind,
    result,
    inspectedAt,
    observations,
    place,
  ]),
  ...checklist.map(({ label, isDone, doneAt, note }): Line => [
    sectionTitles.checklist,
    label,
    isDone ? 'fait' : 'non fait',
    doneAt,
    note,
  ]),
  ...hours.map(({ technician, minutes, day, note }): Line => [
    sectionTitles.hours,
    technician,
    String(minutes),
    day,
    note,
  ]),
  ...parts.map(({ label, quantity, reference }): Line => [
    sectionTitles.parts,
    label,
    decimal(quantity),
    null,
    reference,
  ]),
  ...photos.map(({ name, caption, takenAt, place }): Line => [
    sectionTitles.photos,
    name,
    caption,
    takenAt,
    null,
    place,
  ]),
  ...otherMedia.map(({ kind, name, caption, takenAt }): Line => [
    sectionTitles.attachments,
    name,
    mediumKindWords[kind],
    takenAt,
    caption,
  ]),
  ...(signature ? [[sectionTitles.signature, signature.name, null, signature.signedAt] satisfies Line] : []),
];
