/** A person, or an address. */
type Holder = number | string | undefined;

/** What each may have open at once, in this process. */
export interface Places {
  /** Takes a place; returns what gives it back, once, or undefined when the holder has taken all. */
  take: (holder: Holder) => (() => void) | undefined;
}

/** Everybody has `max` places. */
export function placesOf(max: number): Places {
  const taken = new Map<Holder, number>();
  return {
    take: (holder) => {
      const before = taken.get(holder) ?? 0;
      if (before >= max) return undefined;
      taken.set(holder, before + 1);
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        const left = (taken.get(holder) ?? 1) - 1;
        if (left > 0) taken.set(holder, left);
        else taken.delete(holder);
      };
    },
  };
}
