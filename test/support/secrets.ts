/** Secrets of ours by their look: tokens, keys and cookies, JWTs; recovery codes; the secrets of authenticator apps. */
const secretPattern =
  /(?<![A-Za-z0-9_-])(?:(?:apt|sk|rft|ses|dev|reg|lnk|cal|rdv)_[A-Za-z0-9_-]{40,}|whsec_[A-Za-z0-9+/]{40,}|(?:[0-9a-z]{4}-){3}[0-9a-z]{4}(?![A-Za-z0-9_-])|(?=[A-Z]*[2-7])[A-Z2-7]{32}(?![A-Za-z0-9_-])|eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{20,})/g;
const passwordKey = /passw|passe|secret/i;

/** Selects the rows of these tables that may show a token or a password. The parameter is a JSON array of passwords. */
export const suspectRows = (tables: readonly string[]): string =>
  `with passwords as (select value from json_array_elements_text(?::json))
   ${tables
     .map(
       (table) => `select '${table}' as place, t::text as text from ${table} t
         where t::text ~ '(apt|sk|rft|ses|dev|reg|lnk|cal|rdv)_[A-Za-z0-9_-]{40}|whsec_|eyJ[A-Za-z0-9_-]{8,}[.]eyJ'
            or t::text ~ '(^|[^A-Za-z0-9_-])(([0-9a-z]{4}-){3}[0-9a-z]{4}|[A-Z2-7]{32})($|[^A-Za-z0-9_-])'
            or exists (select 1 from passwords p where position(p.value in t::text) > 0)`,
     )
     .join(' union all ')}`;

export interface Exchange {
  /** `GET /v1/users`: for the message. */
  name: string;
  /** What was sent as a credential. */
  credentials: readonly string[];
  /** Parsed JSON or form of the request. */
  body: unknown;
  /** Body and `Set-Cookie` of the answer. */
  answer: string;
  /** The same answer is given again on purpose. */
  isReplayable: boolean;
}

/** Remembers every secret that a test file makes or is shown, and finds those that stand where they must not. */
export class SecretWatch {
  readonly #secrets = new Set<string>();
  readonly #passwords = new Set<string>();
  /** Secrets that an answer has shown; that was the once. */
  readonly #shown = new Set<string>();

  remember(...secrets: readonly string[]): void {
    for (const secret of secrets) this.#secrets.add(secret);
  }

  rememberPassword(password: string): void {
    // A shorter or plainer one stands in texts by chance.
    if (password.length >= 8 && /\d/.test(password) && /[^\w\s]/.test(password)) this.#passwords.add(password);
  }

  get passwords(): readonly string[] {
    return [...this.#passwords];
  }

  /**
   * Throws when an answer shows a password, or a token that was shown before. JWTs of one second may be the same text.
   */
  noteExchange({ name, credentials, body, answer, isReplayable }: Exchange): void {
    for (const credential of credentials) this.remember(...secretsIn(credential));
    for (const password of passwordsIn(body)) this.rememberPassword(password);
    for (const password of this.#passwords) {
      if (answer.includes(password)) throw new Error(`${name} answers with the password ${password}`);
    }
    const presented = `${credentials.join(' ')} ${JSON.stringify(body ?? null)}`;
    for (const secret of new Set(secretsIn(answer))) {
      // A known device's cookie is renewed with each login.
      if (secret.startsWith('dev_') && presented.includes(secret)) continue;
      // The address of a calendar is shown to its owner again.
      if (secret.startsWith('cal_')) this.#shown.delete(secret);
      const isAgain = this.#shown.has(secret) || credentials.some((credential) => credential.includes(secret));
      if (isAgain && !isReplayable && !secret.startsWith('eyJ'))
        throw new Error(`${name} shows ${secret.slice(0, 10)}… again`);
      this.#shown.add(secret);
      this.#secrets.add(secret);
    }
  }

  /** The remembered secrets that stand in a text, shortened. */
  leaksIn(text: string): string[] {
    const found = secretsIn(text).filter((secret) => this.#secrets.has(secret));
    return [
      ...found.map((secret) => `${secret.slice(0, 10)}…`),
      ...this.passwords.filter((password) => text.includes(password)),
    ];
  }
}

const secretsIn = (text: string): string[] => text.match(secretPattern) ?? [];

/** Values under names such as `password`, `mot_de_passe`; also those written into a GraphQL document. */
function passwordsIn(value: unknown, name = ''): string[] {
  if (typeof value === 'string') {
    if (passwordKey.test(name)) return [value];
    return name === 'query'
      ? [...value.matchAll(/password: *"([^"\\]+)"/gi)].map(([, password]) => password as string)
      : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => passwordsIn(inner, Array.isArray(value) ? name : key));
}
