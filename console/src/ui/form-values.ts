/** The text of a form's field; null when it is empty. */
export const textOf = (values: FormData, name: string): string | null => {
  const value = values.get(name);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
};

/** The number of a NumberField; null when it is empty. */
export const numberOf = (values: FormData, name: string): number | null => {
  const text = textOf(values, name);
  return text === null ? null : Number(text);
};

/** The moment of a DateTimeField, in UTC; null when it is empty. */
export const momentOf = (values: FormData, name: string): string | null => {
  const text = textOf(values, name);
  // Without a zone it is read on the clock of the device, as it was typed.
  return text === null ? null : new Date(text).toISOString();
};
