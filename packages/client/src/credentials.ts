/** What signing in gives: a token for some minutes, and one to get the next with, once. */
export interface Session {
  accessToken: string;
  refreshToken: string;
}

export interface CredentialsOptions {
  /** An API token or key, or a function that gives the one to use now. */
  token?: string | (() => string | Promise<string>);
  /** A session, which the client keeps alive. */
  session?: Session;
  /** Called with each new session, and with undefined when it has ended: keep it where a restart finds it. */
  onSession?: (session: Session | undefined) => void;
}

/** The credential of a client. A session is renewed once, however many requests find out that its token has ended. */
export class Credentials {
  readonly #token: CredentialsOptions['token'];
  readonly #onSession: (session: Session | undefined) => void;
  readonly #refresh: (refreshToken: string) => Promise<Session>;
  #session: Session | undefined;
  #renewal: Promise<boolean> | undefined;

  /** `refresh` rejects when the session cannot be renewed. */
  constructor(
    { token, session, onSession = () => {} }: CredentialsOptions,
    refresh: (refreshToken: string) => Promise<Session>,
  ) {
    this.#token = token;
    this.#session = session;
    this.#onSession = onSession;
    this.#refresh = refresh;
  }

  get session(): Session | undefined {
    return this.#session;
  }

  set session(session: Session | undefined) {
    this.#session = session;
    this.#onSession(session);
  }

  /** For `Authorization: Bearer`; undefined: nobody is signed in. */
  async current(): Promise<string | undefined> {
    await this.#renewal;
    if (this.#session) return this.#session.accessToken;
    return typeof this.#token === 'function' ? this.#token() : this.#token;
  }

  /**
   * Resolves to whether there is another credential than the one that was refused. Rejects when the server cannot be
   * reached to get one.
   */
  async renew(refused: string | undefined): Promise<boolean> {
    if (!this.#session) return typeof this.#token === 'function' && (await this.#token()) !== refused;
    if (this.#session.accessToken !== refused) return true;
    this.#renewal ??= this.#renewSession(this.#session).finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  async #renewSession({ refreshToken }: Session): Promise<boolean> {
    try {
      this.session = await this.#refresh(refreshToken);
      return true;
    } catch (error) {
      if ((error as { code?: string }).code !== 'UNAUTHENTICATED') throw error;
      this.session = undefined;
      return false;
    }
  }
}
