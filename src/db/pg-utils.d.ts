declare module 'pg/lib/utils.js' {
  const utils: {
    /** A parameter as `pg` sends it: arrays in PostgreSQL's own notation, dates and numbers as text. */
    prepareValue: (value: unknown) => Buffer | string | null;
  };
  export default utils;
}
