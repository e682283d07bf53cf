import { language } from './language.js';

/**
 * Who is signed in, in this tab. Two credentials work: an access token from POST /auth/login, kept in sessionStorage
 * (it ends with the tab), or the `kdocs_session` cookie, which the browser sends by itself.
 */
const words = {
  en: {
    noAnswer: 'The server did not answer. Check the connection and try again.',
    tooMany: (seconds) => `Too many attempts. Try again ${seconds > 0 ? `in ${seconds} seconds` : 'later'}.`,
    mayNot: 'This account may not sign in. Ask an administrator.',
    failed: 'The server failed. Try again in a moment.',
    wrongCode: 'That code is wrong or was used before.',
    wrong: 'That user name and password don’t match.',
    noToken: 'The server gave no access token.',
    notAccepted: 'The server did not accept the new session. Try again.',
  },
  fr: {
    noAnswer: 'Le serveur n’a pas répondu. Vérifiez la connexion et réessayez.',
    tooMany: (seconds) => `Trop d’essais. Réessayez ${seconds > 0 ? `dans ${seconds} secondes` : 'plus tard'}.`,
    mayNot: 'Ce compte ne peut pas se connecter. Adressez-vous à un administrateur.',
    failed: 'Le serveur a échoué. Réessayez dans un instant.',
    wrongCode: 'Code incorrect ou déjà utilisé.',
    wrong: 'Identifiant ou mot de passe incorrect.',
    noToken: 'Le serveur n’a pas donné de token d’accès.',
    notAccepted: 'Le serveur n’a pas accepté la nouvelle session. Réessayez.',
  },
}[language];

const tokenKey = 'passerelle.accessToken';
/** A token with less than this left is exchanged before the next request. */
const renewBelowMs = 5 * 60_000;

/** @type {{ status: 'unknown' | 'anonymous' | 'signed-in', person: null | { id: string, email: string, fullName: string } }} */
let state = { status: 'unknown', person: null };
const listeners = new Set();
let renewal = null;

export const session = {
  get: () => state,
  subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

function become(person) {
  state = { status: person ? 'signed-in' : 'anonymous', person };
  for (const listener of listeners) listener();
}

/** Milliseconds that a JWT has left; Infinity for a token that doesn't say, so that the server decides. */
function lifetimeLeftMs(token) {
  try {
    const { exp } = JSON.parse(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')));
    return typeof exp === 'number' ? exp * 1000 - Date.now() : Infinity;
  } catch {
    return Infinity;
  }
}

async function renewed(token) {
  const answer = await fetch('/auth/refresh', { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) return token;
  const { access_token: next } = await answer.json();
  sessionStorage.setItem(tokenKey, next);
  return next;
}

/** The token to send now, or null. Renews it when it is about to end; an ended one is dropped and signs out. */
export async function accessToken() {
  const token = sessionStorage.getItem(tokenKey);
  if (!token) return null;
  const leftMs = lifetimeLeftMs(token);
  if (leftMs <= 0) {
    sessionStorage.removeItem(tokenKey);
    void identify();
    return null;
  }
  if (leftMs > renewBelowMs) return token;
  renewal ??= renewed(token)
    .catch(() => token)
    .finally(() => (renewal = null));
  return renewal;
}

/** `fetch` under the person's credential. An `Authorization` header that the caller wrote wins. */
export async function sessionFetch(url, init = {}) {
  const headers = new Headers(init.headers);
  const token = headers.has('authorization') ? null : await accessToken();
  if (token) headers.set('authorization', `Bearer ${token}`);
  return fetch(url, { ...init, headers, credentials: 'same-origin' });
}

/** By the graph, to which being nobody is no error: a page that is opened signed out says nothing red. */
const askWhoWeAre = () =>
  sessionFetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'query WhoAmI { viewer { id email fullName } }' }),
  });

/** Asks the server who we are. A token that it refuses is dropped, and the cookie gets its chance. */
export async function identify() {
  try {
    let answer = await askWhoWeAre();
    if (answer.status === 401 && sessionStorage.getItem(tokenKey)) {
      sessionStorage.removeItem(tokenKey);
      answer = await askWhoWeAre();
    }
    become(answer.ok ? ((await answer.json()).data?.viewer ?? null) : null);
  } catch {
    become(null);
  }
}

/**
 * `code` is of the second factor; the answer's `needsCode` asks for it.
 * @returns {Promise<{ problem: string | null, needsCode?: boolean } | null>} null when it worked, otherwise the sentence to show, if any.
 */
export async function signIn(username, password, code) {
  let answer;
  try {
    answer = await fetch('/auth/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password, code_2fa: code }),
      credentials: 'same-origin',
    });
  } catch {
    return { problem: words.noAnswer };
  }
  if (answer.status === 429) {
    const seconds = Number(answer.headers.get('retry-after'));
    return { problem: words.tooMany(seconds) };
  }
  if (answer.status === 403) return { problem: words.mayNot };
  if (answer.status >= 500) return { problem: words.failed };
  if (answer.headers.get('x-2fa-required')) {
    return { problem: code ? words.wrongCode : null, needsCode: true };
  }
  if (!answer.ok) return { problem: words.wrong };
  const { access_token: token } = await answer.json().catch(() => ({}));
  if (!token) return { problem: words.noToken };
  sessionStorage.setItem(tokenKey, token);
  await identify();
  return state.status === 'signed-in' ? null : { problem: words.notAccepted };
}

/** Forgets the token; when the cookie still signs us in, ends that session too. */
export async function signOut() {
  sessionStorage.removeItem(tokenKey);
  await identify();
  if (state.status !== 'signed-in') return;
  await fetch('/kdocs/logout', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: '{}',
    credentials: 'same-origin',
  }).catch(() => undefined);
  await identify();
}
