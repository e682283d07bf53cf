/** What one person may have open at once, in this process. */
export interface Places {
  /** Takes a place; returns what gives it back, or undefined when the person has taken all. */
  take: (userId: number | undefined) => (() => void) | undefined;
}

/** Every person has `max` places. */
export function placesOf(max: number): Places {
  const taken = new Map<number | undefined, number>();
  return {
    take: (userId) => {
      const before = taken.get(userId) ?? 0;
      if (before >= max) return undefined;
      taken.set(userId, before + 1);
      return () => {
        const left = (taken.get(userId) ?? 1) - 1;
        if (left > 0) taken.set(userId, left);
        else taken.delete(userId);
      };
    },
  };
}
