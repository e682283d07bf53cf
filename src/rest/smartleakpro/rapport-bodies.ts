/** What is sent of a report: its texts, and how its file is to be made. */
import { z } from 'zod';
import { NewId } from './shapes.js';
import { reportFormat, reportKind } from './words.js';

/** Programs that download at once wait so long for the file; what takes longer is answered `en_cours`. */
export const patienceSeconds = 20;

export const texts = {
  titre: z.string().max(300).nullish().meta({ description: "Par défaut d'après le type et le jour" }),
  description: z.string().max(20_000).nullish(),
  auteur_rapport: z.string().max(255).nullish().meta({ description: 'Par défaut vous' }),
  contenu: z.unknown().optional().meta({ description: 'Texte, ou objet dont les clés sont des titres' }),
};
export const textsIn = (body: z.output<z.ZodObject<typeof texts>>) => ({
  title: body.titre,
  description: body.description,
  author: body.auteur_rapport,
  content: body.contenu,
});

export const draft = {
  ...texts,
  id: NewId,
  intervention_id: z.guid(),
  type_rapport: reportKind.Word,
};

export const making = {
  format: reportFormat.Word.nullish().meta({ description: 'Par défaut `pdf`' }),
  format_export: reportFormat.Word.nullish().meta({ description: 'Comme `format`' }),
  template: z.string().max(100).nullish().meta({ description: 'Modèle ; `default` existe toujours' }),
  inclure_medias: z.boolean().nullish().meta({ description: 'Par défaut vrai' }),
  include_medias: z.boolean().nullish().meta({ description: 'Comme `inclure_medias`' }),
  inclure_gps: z.boolean().nullish().meta({ description: 'Par défaut vrai' }),
};
export const makingIn = ({
  format,
  format_export,
  template,
  inclure_medias,
  include_medias,
  inclure_gps,
}: z.output<z.ZodObject<typeof making>>) => ({
  format: reportFormat.toGraph(format ?? format_export),
  template,
  withMedia: inclure_medias ?? include_medias,
  withPlaces: inclure_gps,
  waitSeconds: patienceSeconds,
});

/** The dialect's names for the graph's arguments. */
export const fields = {
  interventionId: 'intervention_id',
  kind: 'type_rapport',
  title: 'titre',
  author: 'auteur_rapport',
  content: 'contenu',
  status: 'statut',
  withMedia: 'inclure_medias',
  withPlaces: 'inclure_gps',
};
