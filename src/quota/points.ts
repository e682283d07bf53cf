/** What operations of the graph cost, and how much of it there is a minute. README.md repeats the figures. */

/** Points a minute of a signed-in person, over all their credentials. */
export const signedInPoints = 100_000;
/** Points a minute of an address that nobody has signed in from. */
export const anonymousPoints = 10_000;
/** For a request as such, before it is understood: a wrong credential and a syntax error cost it too. */
export const requestPoints = 10;
/** A field that costs a statement for each row that it stands on, on top of what it selects. */
export const statementPoints = 100;
/** A text that may have two million characters: a point for each ten thousand. */
export const longTextPoints = 200;
/** `__schema` and `__type`, on top of a fiftieth of what their selections would cost elsewhere. */
export const schemaPoints = 2_000;
export const typePoints = 100;
/** A field that hashes a password or lets one be guessed, on top of what it selects: 30 a minute for an address. */
export const authenticationPoints = 320;
