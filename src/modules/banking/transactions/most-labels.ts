/** Of one transaction. */
export const mostLabels = 20;
