import { z } from 'zod';
import { route } from '../engine/route.js';
import {
  KdocsCreateShareLinkOperation,
  KdocsListShareLinksOperation,
  KdocsRevokeShareLinkOperation,
  type KdocsShareLinkFragment,
} from './operations.gen.js';
import { Done, found, IdParams, Moment, momentOf, ok, success } from './shapes.js';

const LinkOut = z
  .object({
    id: z.int(),
    prefix: z.string(),
    version: z.int().nullable(),
    has_password: z.boolean(),
    expires_at: Moment.nullable(),
    max_downloads: z.int().nullable(),
    downloads: z.int(),
    created_at: Moment,
    last_used_at: Moment.nullable(),
    revoked_at: Moment.nullable(),
  })
  .meta({ id: 'KdocsShareLink' });

const linkOut = (link: KdocsShareLinkFragment): z.input<typeof LinkOut> => ({
  id: Number(link.id),
  prefix: link.prefix,
  version: link.version ?? null,
  has_password: link.hasPassword,
  expires_at: link.expiresAt ? momentOf(link.expiresAt) : null,
  max_downloads: link.maxDownloads ?? null,
  downloads: link.downloads,
  created_at: momentOf(link.createdAt),
  last_used_at: link.lastUsedAt ? momentOf(link.lastUsedAt) : null,
  revoked_at: link.revokedAt ? momentOf(link.revokedAt) : null,
});

const section = 'DECISIONS.md#5-k-docs';

/** Share links for the people who may change the document. `shared.ts` serves what a link opens. */
export const shareLinkRoutes = [
  route({
    method: 'get',
    path: '/documents/:id/share-links',
    section,
    summary: "Liens de partage d'un document",
    credential: 'required',
    params: IdParams,
    operation: KdocsListShareLinksOperation,
    toVariables: ({ params }) => params,
    response: success(z.array(LinkOut)),
    toResponse: ({ document }) => ({ ...ok, data: found(document, 'Document').shareLinks.map(linkOut) }),
  }),
  route({
    method: 'post',
    path: '/documents/:id/share-links',
    section,
    summary: "Créer un lien de partage ; son adresse n'est montrée qu'ici",
    credential: 'required',
    params: IdParams,
    body: z.object({
      follows_latest: z.boolean().nullish(),
      expires_at: z.iso.datetime({ offset: true }).nullish(),
      password: z.string().min(1).nullish(),
      max_downloads: z.int().nullish(),
    }),
    operation: KdocsCreateShareLinkOperation,
    toVariables: ({ params, body }) => ({
      input: {
        documentId: params.id,
        followsLatest: body.follows_latest,
        expiresAt: body.expires_at,
        password: body.password,
        maxDownloads: body.max_downloads,
      },
    }),
    fields: { followsLatest: 'follows_latest', expiresAt: 'expires_at', maxDownloads: 'max_downloads' },
    status: 201,
    response: success(LinkOut.extend({ token: z.string(), url: z.string() })),
    toResponse: ({ createShareLink: { shareLink, token, url } }) => ({
      ...ok,
      data: { ...linkOut(shareLink), token, url },
      message: 'Lien de partage créé avec succès',
    }),
    examples: { body: { expires_at: '2026-02-28T18:00:00Z', max_downloads: 3 } },
  }),
  route({
    method: 'delete',
    path: '/share-links/:id',
    section,
    summary: 'Révoquer un lien de partage',
    credential: 'required',
    params: IdParams,
    operation: KdocsRevokeShareLinkOperation,
    toVariables: ({ params }) => params,
    response: Done,
    toResponse: () => ({ ...ok, message: 'Lien de partage révoqué' }),
  }),
];
