import { z } from 'zod';
import type { Dialect, Problem } from '../engine/route.js';
import { kdocsWords } from './words.js';

const ErrorEnvelope = z.union([
  z
    .object({
      error: z.literal(true),
      message: z.string(),
      errors: z.record(z.string(), z.array(z.string())).optional(),
      existing_id: z.int().optional().meta({ description: 'Doublon : le document qui contient déjà ce fichier' }),
      count: z.int().optional().meta({ description: 'Type utilisé : le nombre de documents' }),
    })
    .meta({ id: 'KdocsError' }),
  z.object({ error: z.string() }).meta({ id: 'KdocsRateLimitError' }),
]);

/** kdocs.md, "Format des erreurs" and "Rate Limiting". */
function toError({ code, message, fields, details }: Problem): z.input<typeof ErrorEnvelope> {
  if (code === 'RATE_LIMITED')
    return { error: `Rate limit exceeded. Try again in ${Number(details?.['retryAfterSeconds'] ?? 60)} seconds.` };
  const errors: Record<string, string[]> = {};
  for (const { name, message: sentence } of fields) (errors[name] ??= []).push(sentence);
  const existing = Number(details?.['id']);
  const count = Number(details?.['count']);
  return {
    error: true,
    message,
    ...(fields.length && { errors }),
    ...(Number.isInteger(existing) && { existing_id: existing }),
    ...(Number.isInteger(count) && { count }),
  };
}

/** What the three prefixes of K-Docs share. */
export const kdocsFrame = {
  version: '1.0.0',
  errorSchema: ErrorEnvelope,
  toError,
  words: kdocsWords,
  habits: { looseValues: true, unknownKeys: 'ignored' },
  quotas: () => [{ name: 'minute', requests: 100, seconds: 60, per: 'address' }],
  authenticationQuota: { name: 'authentication', requests: 30, seconds: 60, per: 'address' },
  limits: ['100 requêtes par minute et par adresse IP'],
  securitySchemes: {
    session: { type: 'apiKey', in: 'cookie', name: 'kdocs_session', description: 'Cookie de `POST /kdocs/login`' },
    bearer: { type: 'http', scheme: 'bearer', description: "Jeton d'accès ou jeton API" },
  },
  tags: {
    documents: 'Documents, fichiers, versions et corbeille',
    tags: 'Tags et leurs règles',
    correspondents: 'Correspondants et leurs règles',
    'document-types': 'Types de document',
    search: 'Recherche et facettes',
    'custom-fields': 'Champs personnalisés',
    'saved-views': 'Vues enregistrées',
    'saved-searches': 'Vues enregistrées, dans la forme de la page de K-Docs',
    'share-links': 'Liens de partage',
    shared: "Ce qu'ouvre un lien de partage",
    validation: 'Validation des documents',
    notifications: 'Notifications de la personne connectée',
    roles: 'Rôles de validation',
    tasks: 'Ce qui attend la personne connectée',
    health: "L'état de K-Docs",
  },
  sampleValues: {
    message: 'Opération effectuée avec succès',
    title: 'Facture EDF janvier',
    filename: 'document.pdf',
    original_filename: 'facture-edf.pdf',
    file_path: '/documents/document.pdf',
    file_size: 102_400,
    mime_type: 'application/pdf',
    document_type_label: 'Facture',
    correspondent_name: 'EDF',
    document_date: '2026-01-21',
    amount: 100.5,
    currency: 'EUR',
    asn: 42,
    page: 1,
    per_page: 20,
    total: 1,
    total_pages: 1,
    name: 'Urgent',
    color: '#c0392b',
    match: 'facture edf',
    code: 'FACTURE',
    label: 'Facture',
    text: 'facture',
    content_hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    user: 'camille',
    username: 'camille',
    owner: 'camille',
    replaced_by: 'camille',
    field: 'title',
    choice: 'Payée',
    value: 'Payée',
    search: 'électricité',
    amount_min: 100,
    amount_max: 1000,
    prefix: 'k3x9',
    token: 'k3x9QmZ2…',
    url: 'https://passerelle.example.com/s/k3x9QmZ2…',
    downloads: 2,
    max_downloads: 10,
    max_amount: 10_000,
    role_code: 'VALIDATOR_L1',
    scope: '*',
    valid_from: '2026-01-01',
    valid_to: '2026-12-31',
    link: '/documents/123',
    note: 'À vérifier avec le fournisseur',
    user_name: 'camille',
    ocr_text: 'Facture EDF',
    checksum: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    validation_comment: 'Conforme',
    thumbnail_url: '/kdocs/api/documents/1/thumbnail',
    view_url: '/kdocs/api/documents/1/view',
    download_url: '/kdocs/api/documents/1/download',
    field_type: 'select',
    options: 'Nord,Sud',
    query: 'edf',
  },
} satisfies Partial<Dialect>;
