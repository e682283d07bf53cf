import { z } from 'zod';
import { keptCookie, sessionCookie } from '../../lib/browser-cookies.js';
import { type Language, languageOf, languageVaries } from '../../lib/language.js';
import { type Problem, type RequestFacts, type Route, route } from '../engine/route.js';
import { deviceCookie, deviceTokenOf } from '../identity/device-cookie.js';
import { issued } from '../identity/issued.js';
import { KdocsLogoutOperation, KdocsOpenSessionOperation } from './operations.gen.js';
import { Done } from './shapes.js';

export interface KdocsSessionOptions {
  /** The login page as HTML. */
  loginPage: (
    page: {
      error?: LoginProblem | undefined;
      next?: unknown;
      username?: string | undefined;
      asksCode?: boolean;
    },
    language: Language,
  ) => string;
  /** The path when it lies on this site, else that of the console. */
  sameSitePath: (path: unknown) => string;
}

const wantsPage = ({ headers, bodyType }: RequestFacts): boolean =>
  bodyType !== 'json' && (headers.accept ?? '').includes('text/html');
const textOf = (value: unknown, name: string): string | undefined => {
  const found = (value as Record<string, unknown> | null)?.[name];
  return typeof found === 'string' ? found : undefined;
};

interface LoginProblem {
  of: 'credentials' | 'code' | 'attempts' | 'other';
  message: string;
}

/** What stands above the form; undefined when the password was right and the code is asked for next. */
function loginProblem({ code, reason, message }: Problem, typedCode: string | undefined): LoginProblem | undefined {
  if (reason === 'two_factor_required') return typedCode?.trim() ? { of: 'code', message } : undefined;
  if (code === 'UNAUTHENTICATED' || code === 'BAD_USER_INPUT') return { of: 'credentials', message };
  return { of: code === 'RATE_LIMITED' ? 'attempts' : 'other', message };
}

const loginRoute = ({ loginPage, sameSitePath }: KdocsSessionOptions): Route =>
  route({
    method: 'post',
    path: '/login',
    section: 'kdocs.md#authentification',
    summary: 'Ouvrir une session',
    credential: 'none',
    quota: 'authentication',
    bodyTypes: ['form', 'json'],
    body: z.object({
      username: z.string().min(1).max(320),
      password: z.string().min(1).max(1000),
      code_2fa: z.string().max(50).nullish(),
      next: z.string().optional(),
    }),
    operation: KdocsOpenSessionOperation,
    toVariables: ({ body, request }) => ({
      input: {
        identifier: body.username,
        password: body.password,
        code: body.code_2fa ?? null,
        deviceToken: deviceTokenOf(request.headers),
        rememberDevice: true,
        kind: 'COOKIE' as const,
      },
    }),
    fields: { identifier: 'username', code: 'code_2fa' },
    response: z.object({ success: z.literal(true), data: z.object({ id: z.int(), username: z.string() }) }),
    reply: ({ login: { cookie: session, deviceToken, user } }, { body, request }) => {
      const headers = {
        'Set-Cookie': [
          keptCookie(sessionCookie, issued(session).value, request.secure),
          ...(deviceToken ? [deviceCookie(deviceToken, request)] : []),
        ],
      };
      return request.bodyType === 'form'
        ? { status: 302, headers: { ...headers, Location: sameSitePath(body.next) } }
        : { status: 200, headers, json: { success: true, data: { id: Number(user.id), username: user.username } } };
    },
    onProblem: (problem, { body, request }) => {
      if (request.bodyType !== 'form') return undefined;
      const typedCode = textOf(body, 'code_2fa');
      const asksCode = problem.reason === 'two_factor_required' || typedCode !== undefined;
      const error = loginProblem(problem, typedCode);
      const page = { error, next: textOf(body, 'next'), username: textOf(body, 'username'), asksCode };
      return {
        status: problem.status,
        headers: languageVaries,
        html: loginPage(page, languageOf(request.headers, 'fr')),
      };
    },
    examples: {
      body: { username: 'admin', password: 'secret' },
      response: { success: true, data: { id: 1, username: 'admin' } },
    },
  });

const loginPageRoute = ({ loginPage, sameSitePath }: KdocsSessionOptions): Route =>
  route({
    method: 'get',
    path: '/login',
    section: 'kdocs.md#authentification',
    summary: 'La page de connexion ; 302 pour qui a déjà une session',
    credential: 'optional',
    onlyCookie: true,
    query: z.object({ next: z.string().optional() }),
    produces: ['text/html'],
    answer: ({ query, request }) =>
      request.signedIn
        ? { status: 302, headers: { Location: sameSitePath(query.next) } }
        : { headers: languageVaries, html: loginPage({ next: query.next }, languageOf(request.headers, 'fr')) },
  });

const loggedOut = (request: RequestFacts) => ({
  headers: {
    'Set-Cookie': keptCookie(sessionCookie, '', request.secure),
    ...(wantsPage(request) && { Location: '/kdocs/login' }),
  },
  ...(wantsPage(request) ? { status: 303 } : { status: 200, json: { success: true, message: 'Déconnecté' } }),
});

const logoutRoute = route({
  method: 'post',
  path: '/logout',
  section: 'kdocs.md#authentification',
  summary: 'Fermer la session',
  credential: 'required',
  bodyTypes: ['form', 'json'],
  body: z.object({}),
  operation: KdocsLogoutOperation,
  toVariables: () => ({}),
  response: Done,
  reply: (_data, { request }) => loggedOut(request),
  // Logging out of a session that has already ended succeeds too.
  onProblem: ({ code }, { request }) => (code === 'UNAUTHENTICATED' ? loggedOut(request) : undefined),
});

/** The login of K-Docs, beside its API: `/kdocs/login` and `/kdocs/logout` (DECISIONS.md, section 5). */
export const sessionRoutes = (options: KdocsSessionOptions): readonly Route[] => [
  loginPageRoute(options),
  loginRoute(options),
  logoutRoute,
];
