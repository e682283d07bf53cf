/** A phone: a week has no room beside itself there, nor names in a month. */
export const isNarrow = () => matchMedia('(max-width: 700px)').matches;
