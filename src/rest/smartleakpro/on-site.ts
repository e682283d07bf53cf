import { z } from 'zod';
import { type Route, route } from '../engine/route.js';
import {
  SmartleakproCreateInspectionOperation,
  type SmartleakproInspectionFragment,
  SmartleakproListInspectionsOperation,
  SmartleakproReadSignatureOperation,
  SmartleakproSignInterventionOperation,
} from './operations.gen.js';
import { found, IdParams, line, Moment } from './shapes.js';
import { inspectionKind, inspectionStatus } from './words.js';

/** Of the picture of a signature. */
const signatureBytes = 2 * 1024 * 1024;

const Place = z.object({ latitude: z.string(), longitude: z.string() });
const Inspection = z
  .object({
    id: z.guid(),
    intervention_id: z.guid(),
    statut: inspectionStatus.Word,
    type_inspection: inspectionKind.Word,
    resultat: z.string().nullable(),
    observations: z.string().nullable(),
    photos: z.array(z.guid()).meta({ description: 'Médias de cette inspection, parmi les 100 derniers' }),
    coordonnees_gps: Place.nullable(),
    date_inspection: Moment,
    date_creation: Moment,
  })
  .meta({ id: 'Inspection' });

const inspectionOut = (
  found: SmartleakproInspectionFragment,
  interventionId: string,
  photos: string[] = [],
): z.input<typeof Inspection> => ({
  id: found.id,
  intervention_id: interventionId.toLowerCase(),
  statut: inspectionStatus.toWord(found.status),
  type_inspection: inspectionKind.toWord(found.kind),
  resultat: found.result ?? null,
  observations: found.observations ?? null,
  photos,
  coordonnees_gps:
    found.latitude == null ? null : { latitude: String(found.latitude), longitude: String(found.longitude) },
  date_inspection: found.inspectedAt,
  date_creation: found.createdAt,
});

const fields = {
  kind: 'type_inspection',
  status: 'statut',
  result: 'resultat',
  latitude: 'coordonnees_gps.latitude',
  longitude: 'coordonnees_gps.longitude',
  inspectedAt: 'date_inspection',
};

/** What is found and signed on site. */
export const onSiteRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/interventions/:id/inspections',
    section: 'CONSUMERS.md#1-smartleakpro',
    summary: "Inspections d'une intervention, de la première à la dernière",
    credential: 'required',
    params: IdParams,
    operation: SmartleakproListInspectionsOperation,
    toVariables: ({ params }) => params,
    response: z.array(Inspection),
    toResponse: ({ intervention }, { params: { id } }) => {
      const { inspections, media } = found(intervention, 'Intervention');
      const photosOf = (inspectionId: string): string[] =>
        media.nodes.filter((medium) => medium.inspectionId === inspectionId).map((medium) => medium.id);
      return inspections.map((each) => inspectionOut(each, id, photosOf(each.id)));
    },
  }),
  route({
    method: 'post',
    path: '/interventions/:id/inspections',
    section: 'CONSUMERS.md#1-smartleakpro',
    summary: 'Noter ce qui a été inspecté et trouvé',
    credential: 'required',
    params: IdParams,
    body: z.object({
      id: z.guid().nullish().meta({ description: "UUID choisi par l'appelant : envoyé deux fois, une seule création" }),
      type_inspection: inspectionKind.Word.nullish().meta({ description: 'Par défaut `autre`' }),
      statut: inspectionStatus.Word.nullish().meta({ description: 'Par défaut `termine`' }),
      resultat: z.string().max(500).nullish(),
      observations: z.string().max(10_000).nullish(),
      coordonnees_gps: z
        .object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
        .nullish(),
      date_inspection: z.iso.datetime({ offset: true }).nullish().meta({ description: 'Par défaut maintenant' }),
    }),
    operation: SmartleakproCreateInspectionOperation,
    toVariables: ({ params, body }) => ({
      input: {
        interventionId: params.id,
        id: body.id,
        kind: inspectionKind.toGraph(body.type_inspection),
        status: inspectionStatus.toGraph(body.statut),
        result: body.resultat,
        observations: body.observations,
        latitude: body.coordonnees_gps?.latitude,
        longitude: body.coordonnees_gps?.longitude,
        inspectedAt: body.date_inspection,
      },
    }),
    fields,
    status: 201,
    response: Inspection,
    toResponse: ({ createInspection }, { params: { id } }) => inspectionOut(createInspection.inspection, id),
  }),
  route({
    method: 'post',
    path: '/interventions/:id/signature',
    operationId: 'recordSignature',
    section: 'DECISIONS.md#9-names-of-what-goes-beyond-the-contracts',
    summary: 'Faire signer le client sur place ; une signature remplace la précédente',
    credential: 'required',
    params: IdParams,
    body: z.object({ nom: line(255).meta({ description: 'Qui a signé' }) }),
    files: { parts: ['image'], max: 1, required: true, limitBytes: signatureBytes },
    operation: SmartleakproSignInterventionOperation,
    toVariables: ({ params, body, files }) => ({
      input: { id: params.id, name: body.nom, image: files[0]?.upload },
    }),
    fields: { name: 'nom' },
    status: 201,
    response: z
      .object({ intervention_id: z.guid(), nom: z.string(), date_signature: Moment, url: z.string() })
      .meta({ id: 'Signature' }),
    toResponse: ({ signIntervention: { intervention } }) => ({
      intervention_id: intervention.id,
      nom: found(intervention.signatoryName, 'Intervention'),
      date_signature: found(intervention.signedAt, 'Intervention'),
      url: found(intervention.signatureFile, 'Intervention').downloadUrl,
    }),
  }),
  route({
    method: 'get',
    path: '/interventions/:id/signature',
    link: 'interventionSignature',
    section: 'DECISIONS.md#9-names-of-what-goes-beyond-the-contracts',
    summary: 'Image de la signature',
    credential: 'required',
    params: IdParams,
    operation: SmartleakproReadSignatureOperation,
    toVariables: ({ params }) => params,
    produces: ['image/png', 'image/jpeg'],
    reply: ({ intervention }) => {
      const { key, mimeType } = found(found(intervention, 'Intervention').signatureFile, 'Signature');
      return { file: { key, name: `signature.${mimeType.slice(6)}`, mimeType, disposition: 'inline' } };
    },
  }),
];
