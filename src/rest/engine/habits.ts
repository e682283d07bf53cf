/**
 * How the consumers of a dialect write what they send, beside what holds for all: a date-time without a zone is in UTC,
 * a day where a date-time is asked is its first instant (`untilMoment`: its end), a date-time where a day is asked is
 * its day, an empty parameter of the query is an absent one.
 */
export interface Habits {
  /**
   * In bodies, a numeric string is its number, an object with an `id` where one is asked is its id, and `''` and null
   * are null for every field that may be left out, unless its shape accepts them; absent where it takes no null.
   */
  looseValues?: boolean;
  /** Values of enums may carry accents that the enum's words lack: `validé`. */
  unaccentedEnums?: boolean;
  /**
   * What becomes of keys of a JSON body that no shape names. `ignored`: the answer names them in the header `Warning`.
   * `refused`: a validation error names each, except those that the route's own answer has, which come back when a
   * whole object is sent. Routes beyond the contract (their `section` is of DECISIONS.md) refuse in any case.
   * Forms never do, nor routes without a credential: programs sign in with more keys than are asked.
   */
  unknownKeys: 'ignored' | 'refused';
}
