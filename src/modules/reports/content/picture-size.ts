import type { Picture } from './report-content.js';

export interface Size {
  width: number;
  height: number;
}

/** The size of a picture that fills a place in one direction and fits in the other; small ones are not blown up. */
export function placedIn({ widthPx, heightPx }: Pick<Picture, 'widthPx' | 'heightPx'>, { width, height }: Size): Size {
  const scale = Math.min(width / widthPx, height / heightPx, 1);
  return { width: widthPx * scale, height: heightPx * scale };
}
