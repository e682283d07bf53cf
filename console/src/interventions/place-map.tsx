import 'leaflet/dist/leaflet.css';
import { latLngBounds, type Map as LeafletMap, map as makeMap, divIcon, marker, tileLayer } from 'leaflet';
import { useEffect, useEffectEvent, useRef } from 'react';
import styles from './place-map.module.css';

export interface Place {
  id: string;
  name: string;
  latitude: number;
  longitude: number;
  tone: 'info' | 'warn' | 'good' | 'plain' | 'bad';
}

interface PlaceMapProps {
  label: string;
  places: readonly Place[];
  onOpen?: (id: string) => void;
  isSmall?: boolean;
}

/** The pattern of tile addresses that the operator set (`MAP_TILES_URL`), which the server writes into the page. */
export const mapTiles = (): string | undefined =>
  document.querySelector<HTMLMetaElement>('meta[name="map-tiles"]')?.content || undefined;

/** Points on a map; on a plain ground where the operator named no tiles. */
export function PlaceMap({ label, places, onOpen, isSmall = false }: PlaceMapProps) {
  const frame = useRef<HTMLDivElement>(null);
  const shown = useRef<LeafletMap>(null);
  const open = useEffectEvent((id: string) => onOpen?.(id));
  useEffect(() => {
    if (!frame.current) return;
    const made = makeMap(frame.current, { zoomSnap: 0.5, attributionControl: false, worldCopyJump: true });
    shown.current = made;
    const tiles = mapTiles();
    if (tiles) tileLayer(tiles, { maxZoom: 19 }).addTo(made);
    made.setView([46.6, 2.4], 5);
    return () => {
      made.remove();
      shown.current = null;
    };
  }, []);
  const key = JSON.stringify(places);
  useEffect(() => {
    const made = shown.current;
    if (!made) return;
    const now = JSON.parse(key) as Place[];
    const markers = now.map(({ id, name, latitude, longitude, tone }) =>
      marker([latitude, longitude], {
        title: name,
        alt: name,
        icon: divIcon({
          className: `${styles.point} ${styles[tone]}`,
          html: '<span></span>',
          iconSize: [26, 26],
          iconAnchor: [13, 31],
        }),
      })
        .on('click keypress', () => open(id))
        .addTo(made),
    );
    if (now.length > 0)
      made.fitBounds(latLngBounds(now.map(({ latitude, longitude }) => [latitude, longitude])), {
        padding: [48, 48],
        maxZoom: 15,
        animate: false,
      });
    return () => {
      for (const each of markers) each.remove();
    };
  }, [key]);
  return (
    <div ref={frame} role="region" aria-label={label} className={`${styles.map} ${isSmall ? styles.small : ''}`} />
  );
}
