import { z } from 'zod';
import { type Language, languageOf, languageVaries } from '../../lib/language.js';
import { type Reply, type RequestFacts, type Route, route } from '../engine/route.js';
import {
  type InterventionKind,
  SmartleakproSubmitVisitAnswerOperation,
  SmartleakproCustomerVisitOperation,
} from './operations.gen.js';
import { beyondSection as section } from './planning-shapes.js';

/** What came of the last form, in the address of the page that is shown then. */
const outcomes = ['confirmed', 'asked', 'empty', 'times', 'attempts'] as const;
type Outcome = (typeof outcomes)[number];

export interface VisitPagesOptions {
  /** HTML of a valid link's page. */
  visitPage: (
    page: {
      firm: string | null;
      client: string;
      kind: InterventionKind | null;
      startsAt: string;
      endsAt: string;
      timeZone: string;
      location: string | null;
      technician: string | null;
      isConfirmed: boolean;
      isMoveRequested: boolean;
      outcome?: Outcome | undefined;
    },
    language: Language,
  ) => string;
  /** HTML of the page for an unknown or ended link. */
  noVisitPage: (language: Language) => string;
}

export const visitsPrefix = '/rdv';

const TokenParams = z.object({ token: z.string().meta({ description: 'Secret du lien' }) });

/** The answer is for the holder of the link alone: not cached, not indexed by search engines. */
const unlisted = { 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' };

/** A client answers once or twice; whoever tries more is no client. */
const answers = { name: 'visits', requests: 20, seconds: 3600, per: 'address' } as const;

/** The pages are for the firm's clients: French, unless their browser asks for English. */
const pageLanguage = ({ headers }: RequestFacts): Language => languageOf(headers, 'fr');

/** A redirect to the page: reloading it doesn't post the form again. */
const backTo = (token: string, outcome: Outcome): Reply => ({
  status: 303,
  headers: { ...unlisted, Location: `${visitsPrefix}/${encodeURIComponent(token)}?resultat=${outcome}` },
});

/** What a client's link opens: `/rdv/<secret>`. Its forms post to itself, from this site only, and need no script. */
export const visitRoutes = ({ visitPage, noVisitPage }: VisitPagesOptions): readonly Route[] => [
  route({
    method: 'get',
    path: '/:token',
    operationId: 'openVisitPage',
    link: 'customerVisit',
    section,
    tag: 'planning',
    summary: 'La page où un client confirme son rendez-vous ou demande un autre horaire',
    credential: 'none',
    params: TokenParams,
    query: z.object({
      format: z.enum(['ics']).optional().catch(undefined).meta({ description: "Pour l'agenda du client" }),
      resultat: z.enum(outcomes).optional().catch(undefined),
    }),
    produces: ['text/html', 'text/calendar'],
    operation: SmartleakproCustomerVisitOperation,
    toVariables: ({ params: { token }, query: { format } }) => ({ token, asFile: format === 'ics' }),
    reply: ({ customerVisit: { calendarFile, ...visit } }, { query, request }) =>
      calendarFile
        ? {
            headers: {
              ...unlisted,
              'Content-Type': 'text/calendar; charset=utf-8',
              'Content-Disposition': `attachment; filename="${calendarFile.name}"`,
            },
            text: calendarFile.content,
          }
        : {
            headers: { ...unlisted, ...languageVaries },
            html: visitPage(
              {
                firm: visit.firmName ?? null,
                client: visit.clientName,
                kind: visit.kind ?? null,
                startsAt: visit.startsAt,
                endsAt: visit.endsAt,
                timeZone: visit.timeZone,
                location: visit.location ?? null,
                technician: visit.technicianName ?? null,
                isConfirmed: visit.isConfirmed,
                isMoveRequested: visit.isMoveRequested,
                outcome: query.resultat,
              },
              pageLanguage(request),
            ),
          },
    onProblem: ({ status }, { request }) =>
      status === 404 ? { status, headers: languageVaries, html: noVisitPage(pageLanguage(request)) } : undefined,
  }),
  route({
    method: 'post',
    path: '/:token',
    section,
    tag: 'planning',
    summary: 'Ce que le client répond',
    credential: 'none',
    quota: answers,
    params: TokenParams,
    bodyTypes: ['form'],
    body: z.object({
      reponse: z.enum(['confirmer', 'deplacer']),
      message: z.string().max(2000).optional(),
      horaire_1: z.string().max(40).optional(),
      horaire_2: z.string().max(40).optional(),
      horaire_3: z.string().max(40).optional(),
    }),
    operation: SmartleakproSubmitVisitAnswerOperation,
    toVariables: ({ params: { token }, body: { reponse, message, horaire_1, horaire_2, horaire_3 } }) => ({
      input: {
        token,
        answer: reponse === 'confirmer' ? ('CONFIRM' as const) : ('MOVE' as const),
        message,
        wishedTimes: [horaire_1, horaire_2, horaire_3].filter((time) => !!time) as string[],
      },
    }),
    fields: { wishedTimes: 'horaires' },
    produces: ['text/html'],
    reply: (_data, { params: { token }, body: { reponse } }) =>
      backTo(token, reponse === 'confirmer' ? 'confirmed' : 'asked'),
    // The page says what was wrong with its form.
    onProblem: ({ status, code, fields }, { params, request }) => {
      if (status === 404) return { status, headers: languageVaries, html: noVisitPage(pageLanguage(request)) };
      const { token } = params as { token: string };
      if (code === 'RATE_LIMITED') return backTo(token, 'attempts');
      if (code !== 'BAD_USER_INPUT') return undefined;
      return backTo(token, fields.some(({ name }) => name.startsWith('horaire')) ? 'times' : 'empty');
    },
  }),
];
