declare module 'negotiator' {
  export default class Negotiator {
    constructor(request: { headers: import('node:http').IncomingHttpHeaders });
    /** Those of `available` that the request takes, the most wanted first; all of them, as given, without a header. */
    languages(available: readonly string[]): string[];
  }
}
