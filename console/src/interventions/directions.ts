interface Placed {
  location?: string | null;
  latitude?: number | null;
  longitude?: number | null;
  client?: { address?: string | null } | null;
}

/** A `geo:` address (RFC 5870), which phones open in the program for maps that the person chose. */
export function directionsTo({ location, latitude, longitude, client }: Placed): string {
  const words = encodeURIComponent(location ?? client?.address ?? '');
  if (latitude == null || longitude == null) return `geo:0,0?q=${words}`;
  return `geo:${latitude},${longitude}?q=${words || `${latitude},${longitude}`}`;
}
