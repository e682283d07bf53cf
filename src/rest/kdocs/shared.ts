import { z } from 'zod';
import { type Language, languageOf, languageVaries } from '../../lib/language.js';
import { fileTypes } from '../documents/file-types.js';
import { type Reply, type RequestFacts, type Route, route } from '../engine/route.js';
import {
  KdocsOpenShareLinkOperation,
  type KdocsOpenShareLinkMutation,
  type KdocsOpenShareLinkMutationVariables,
  KdocsSharedDocumentOperation,
} from './operations.gen.js';
import { Moment, momentOf, ok, success } from './shapes.js';

/** Why the page is shown again instead of sending the file. */
const pageProblems = ['password', 'attempts'] as const;

export interface SharedPagesOptions {
  /** HTML of a valid link's page. */
  sharePage: (
    page: {
      title: string;
      filename: string;
      sizeBytes: number;
      expiresAt: string | null;
      hasPassword: boolean;
      problem?: (typeof pageProblems)[number] | undefined;
    },
    language: Language,
  ) => string;
  /** HTML of the page for an unknown or ended link. */
  noSharePage: (language: Language) => string;
}

const section = 'DECISIONS.md#5-k-docs';
const TokenParams = z.object({ token: z.string().meta({ description: 'Secret du lien' }) });
const Password = z.object({ password: z.string().max(1000).optional() });

/** The answer is for the holder of the link alone: not cached, not indexed by search engines. */
const unlisted = { 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' };

/** The file is looked at first: the download counts when its content is sent. */
const looking = (input: { token: string; password?: string | undefined }) => ({
  input: { ...input, countsDownload: false },
});

/** The pages are for people whom the firm writes to: French, unless their browser asks for English. */
const pageLanguage = ({ headers }: RequestFacts): Language => languageOf(headers, 'fr');

const fileOf = (
  { openShareLink: { key, name, mimeType, contentHash } }: KdocsOpenShareLinkMutation,
  input: { token: string; password?: string | undefined },
  run: (changes: KdocsOpenShareLinkMutationVariables) => Promise<unknown>,
): Reply => ({
  headers: unlisted,
  file: {
    key,
    name,
    mimeType,
    disposition: 'attachment',
    etag: contentHash,
    beforeContent: () => run({ input: { ...input, countsDownload: true } }),
  },
});

/**
 * What a share link opens, for programs. Each answer with content of the file, even with a range of it, counts as a
 * download.
 */
export const sharedRoutes = [
  route({
    method: 'get',
    path: '/shared/:token',
    operationId: 'readSharedDocument',
    section,
    summary: 'Ce que montre un lien de partage',
    credential: 'none',
    params: TokenParams,
    operation: KdocsSharedDocumentOperation,
    toVariables: ({ params }) => params,
    response: success(
      z.object({
        title: z.string(),
        filename: z.string(),
        mime_type: z.string(),
        file_size: z.number(),
        expires_at: Moment.nullable(),
        has_password: z.boolean(),
      }),
    ),
    toResponse: ({ sharedDocument: { title, filename, mimeType, sizeBytes, expiresAt, hasPassword } }) => ({
      ...ok,
      data: {
        title,
        filename,
        mime_type: mimeType,
        file_size: sizeBytes,
        expires_at: expiresAt ? momentOf(expiresAt) : null,
        has_password: hasPassword,
      },
    }),
  }),
  route({
    method: 'get',
    path: '/shared/:token/download',
    section,
    summary: "Télécharger le fichier d'un lien sans mot de passe",
    credential: 'none',
    params: TokenParams,
    operation: KdocsOpenShareLinkOperation,
    toVariables: ({ params }) => looking(params),
    produces: fileTypes,
    reply: (data, { params }, run) => fileOf(data, params, run),
  }),
  route({
    method: 'post',
    path: '/shared/:token/download',
    operationId: 'openShareLinkWithPassword',
    section,
    summary: "Télécharger le fichier d'un lien",
    credential: 'none',
    quota: 'authentication',
    params: TokenParams,
    bodyTypes: ['json', 'form'],
    body: Password,
    operation: KdocsOpenShareLinkOperation,
    toVariables: ({ params, body }) => looking({ ...params, ...body }),
    produces: fileTypes,
    reply: (data, { params, body }, run) => fileOf(data, { ...params, ...body }, run),
  }),
];

const sharePageRoute = ({ sharePage, noSharePage }: SharedPagesOptions): Route =>
  route({
    method: 'get',
    path: '/:token',
    operationId: 'openSharePage',
    link: 'sharedDocument',
    section,
    summary: "La page d'un lien de partage",
    tag: 'shared',
    credential: 'none',
    params: TokenParams,
    query: z.object({ problem: z.enum(pageProblems).optional().catch(undefined) }),
    produces: ['text/html'],
    operation: KdocsSharedDocumentOperation,
    toVariables: ({ params }) => params,
    reply: ({ sharedDocument: { title, filename, sizeBytes, expiresAt, hasPassword } }, { query, request }) => ({
      headers: { ...unlisted, ...languageVaries },
      html: sharePage(
        {
          title,
          filename,
          sizeBytes: sizeBytes,
          expiresAt: expiresAt ?? null,
          hasPassword,
          problem: query.problem,
        },
        pageLanguage(request),
      ),
    }),
    onProblem: ({ status }, { request }) =>
      status === 404 ? { status, headers: languageVaries, html: noSharePage(pageLanguage(request)) } : undefined,
  });

const shareDownloadRoute = ({ noSharePage }: SharedPagesOptions): Route =>
  route({
    method: 'post',
    path: '/:token',
    section,
    summary: "Télécharger depuis la page d'un lien de partage",
    tag: 'shared',
    credential: 'none',
    quota: 'authentication',
    params: TokenParams,
    bodyTypes: ['form'],
    body: Password,
    produces: fileTypes,
    operation: KdocsOpenShareLinkOperation,
    toVariables: ({ params, body }) => looking({ ...params, ...body }),
    reply: (data, { params, body }, run) => fileOf(data, { ...params, ...body }, run),
    // A redirect to the page, which shows the problem: reloading it doesn't post the password again.
    onProblem: ({ status, code }, { params, request }) => {
      if (status === 404) return { status, headers: languageVaries, html: noSharePage(pageLanguage(request)) };
      const problem = code === 'RATE_LIMITED' ? 'attempts' : 'password';
      const { token } = params as { token: string };
      return status >= 500
        ? undefined
        : { status: 303, headers: { Location: `/s/${encodeURIComponent(token)}?problem=${problem}` } };
    },
  });

/** What a share link opens, for people: `/s/<secret>`. */
export const sharedPageRoutes = (options: SharedPagesOptions): readonly Route[] => [
  sharePageRoute(options),
  shareDownloadRoute(options),
];
