import { z } from 'zod';
import { untilMoment } from '../engine/read-values.js';
import { Media, mediaOut } from './media-shapes.js';
import type { ReportFilter, SmartleakproReportFragment, SmartleakproWholeReportFragment } from './operations.gen.js';
import { Moment } from './shapes.js';
import { interventionKind, reportKind, reportStatus } from './words.js';

const shape = {
  id: z.guid(),
  intervention_id: z.guid(),
  type_rapport: reportKind.Word,
  titre: z.string(),
  description: z.string().nullable(),
  contenu: z.unknown().meta({ description: 'Texte, ou objet dont les clés sont des titres' }),
  auteur_rapport: z.string(),
  statut: reportStatus.Word,
  chemin_fichier: z.url().nullable().meta({ description: 'Adresse de téléchargement ; null sans fichier' }),
  taille_fichier: z.int().nullable().meta({ description: 'Octets' }),
  type_fichier: z.string().nullable().meta({ example: 'application/pdf' }),
  version: z.int().meta({ description: 'Augmente à chaque modification : à renvoyer avec un PUT' }),
  date_creation: Moment,
  date_modification: Moment,
  date_generation: Moment.nullable(),
  date_validation: Moment.nullable(),
  intervention: z
    .object({
      id: z.guid(),
      type_intervention: interventionKind.Word,
      client: z
        .object({ nom: z.string(), email: z.string().nullable() })
        .nullable()
        .meta({ description: 'null sans le droit de lire les clients' }),
    })
    .nullable()
    .meta({ description: 'null sans le droit de lire les interventions' }),
};

export const Rapport = z.object(shape).meta({ id: 'Rapport' });

export const WholeRapport = Rapport.extend({
  medias: z.array(Media).meta({ description: "Médias de l'intervention qui sont dans le rapport : les 100 premiers" }),
}).meta({ id: 'RapportComplet' });

export const GeneratedRapport = WholeRapport.extend({
  rapport_id: z.guid(),
  file_path: z.url().nullable(),
  file_size: z.int().nullable(),
  file_type: z.string().nullable(),
}).meta({ id: 'RapportGenere' });

export const rapportOut = (report: SmartleakproReportFragment): z.input<typeof Rapport> => ({
  id: report.id,
  intervention_id: report.interventionId,
  type_rapport: reportKind.toWord(report.kind),
  titre: report.title,
  description: report.description ?? null,
  contenu: report.content ?? null,
  auteur_rapport: report.author,
  statut: reportStatus.toWord(report.status),
  chemin_fichier: report.fileUrl ?? null,
  taille_fichier: report.sizeBytes ?? null,
  type_fichier: report.mimeType ?? null,
  version: report.version,
  date_creation: report.createdAt,
  date_modification: report.updatedAt,
  date_generation: report.generatedAt ?? null,
  date_validation: report.validatedAt ?? null,
  intervention: report.intervention
    ? {
        id: report.intervention.id,
        type_intervention: interventionKind.toWord(report.intervention.kind),
        client: report.intervention.client
          ? { nom: report.intervention.client.name, email: report.intervention.client.email ?? null }
          : null,
      }
    : null,
});

export const wholeRapportOut = (report: SmartleakproWholeReportFragment): z.input<typeof WholeRapport> => ({
  ...rapportOut(report),
  medias: report.withMedia ? (report.intervention?.media.nodes ?? []).map(mediaOut) : [],
});

/** With the keys that React's client reads after a generation. */
export const generatedOut = (report: SmartleakproWholeReportFragment): z.input<typeof GeneratedRapport> => {
  const row = wholeRapportOut(report);
  return {
    ...row,
    rapport_id: row.id,
    file_path: row.chemin_fichier,
    file_size: row.taille_fichier,
    file_type: row.type_fichier,
  };
};

/** What a list of reports may be narrowed by. */
export const rapportFilters = {
  intervention_id: z.guid().optional(),
  type_rapport: reportKind.Word.optional(),
  statut: reportStatus.Word.optional(),
  auteur: z.string().trim().max(200).optional().meta({ description: "Partie du nom de l'auteur" }),
  date_debut: z.iso.datetime({ offset: true }).optional().meta({ description: 'Créés depuis' }),
  date_fin: untilMoment().optional().meta({ description: "Créés jusqu'à" }),
};
const Filters = z.object({ ...rapportFilters, search: z.string().optional() });

export const filterOf = (given: z.output<typeof Filters>): ReportFilter => ({
  search: given.search,
  interventionId: given.intervention_id,
  kind: reportKind.toGraph(given.type_rapport),
  status: reportStatus.toGraph(given.statut),
  author: given.auteur,
  createdAfter: given.date_debut,
  createdBefore: given.date_fin,
});
