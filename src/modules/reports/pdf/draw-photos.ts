/** Photos two by two, each with its caption, when it was taken and where; a row is never cut over a sheet. */
import { colours, contentWidth, page, type TextStyle } from '../../../print/canvas.js';
import { printedMoment } from '../../../print/french.js';
import { printedPlace } from '../content/facts.js';
import { omittedPhotosNotice } from '../content/lines.js';
import { placedIn } from '../content/picture-size.js';
import type { Photo, Pictures, ReportContent } from '../content/report-content.js';
import { drawNotice, heading, type Sheet } from './sheet.js';

const gap = 16;
const columnWidth = (contentWidth - gap) / 2;
/** Of a picture: a few stand large, and of many there are three rows on a sheet. */
const tallestOf = (count: number): number => (count > 4 ? 170 : 220);
const unreadableHeight = 90;

const captionStyle: TextStyle = { size: 9, width: columnWidth };
const metaStyle: TextStyle = { size: 7.5, colour: colours.muted, width: columnWidth };
const captionLeading = 12;
const metaLeading = 10.5;
/** Of a caption; what is longer ends with a mark. */
const mostCaptionLines = 12;

interface Laid {
  picture: Pictures['photos'][number];
  width: number;
  height: number;
  caption: string[];
  meta: string[];
  alt: string;
}

export function drawPhotos(sheet: Sheet, content: ReportContent, pictures: Pictures, indexes: readonly number[]): void {
  const cells = indexes.map((index) => lay(sheet, content, pictures, { index, tallest: tallestOf(indexes.length) }));
  for (let first = 0; first < cells.length; first += 2) drawRow(sheet, cells.slice(first, first + 2));
}

/** The section of the photos that stand nowhere else. */
export function drawPhotoSection(
  sheet: Sheet,
  {
    title,
    content,
    pictures,
    indexes,
  }: { title: string; content: ReportContent; pictures: Pictures; indexes: readonly number[] },
): void {
  const row = indexes
    .slice(0, 2)
    .map((index) => lay(sheet, content, pictures, { index, tallest: tallestOf(indexes.length) }));
  heading(sheet, title, indexes.length > 0 ? Math.min(heightOfRow(row), 330) : undefined);
  if (content.omittedPhotos > 0) drawNotice(sheet, omittedPhotosNotice(content));
  drawPhotos(sheet, content, pictures, indexes);
}

function lay(
  { canvas, timeZone }: Sheet,
  { photos }: ReportContent,
  pictures: Pictures,
  { index, tallest }: { index: number; tallest: number },
): Laid {
  const photo = photos[index] as Photo;
  const picture = pictures.photos[index];
  const size = picture ? placedIn(picture, { width: columnWidth, height: tallest }) : undefined;
  const title = `Photo ${index + 1}`;
  const whole = canvas.wrap(
    photo.caption?.trim() ? `${title} – ${photo.caption.trim()}` : title,
    columnWidth,
    captionStyle,
  );
  const caption =
    whole.length <= mostCaptionLines
      ? whole
      : [...whole.slice(0, mostCaptionLines - 1), `${whole[mostCaptionLines - 1] ?? ''}…`];
  const meta = [photo.takenAt && printedMoment(photo.takenAt, timeZone), photo.place && printedPlace(photo.place)]
    .filter((line) => typeof line === 'string')
    .flatMap((line) => canvas.wrap(line, columnWidth, metaStyle));
  return {
    picture,
    width: size?.width ?? columnWidth,
    height: size?.height ?? unreadableHeight,
    caption,
    meta,
    alt: photo.caption?.trim() || `${title}, ${photo.name}`,
  };
}

const heightOf = ({ height, caption, meta }: Laid): number =>
  height + 7 + caption.length * captionLeading + meta.length * metaLeading;

const heightOfRow = (row: readonly Laid[]): number => Math.max(...row.map(heightOf));

function drawRow({ canvas }: Sheet, row: readonly Laid[]): void {
  canvas.ensure(heightOfRow(row));
  const top = canvas.y;
  // Captions of a row stand at one height.
  const pictureHeight = Math.max(...row.map(({ height }) => height));
  for (const [column, { picture, width, height, caption, meta, alt }] of row.entries()) {
    const x = page.left + column * (columnWidth + gap);
    const y = top + (pictureHeight - height) / 2;
    if (picture)
      canvas.as('Figure', () => canvas.image(picture.bytes, { x: x + (columnWidth - width) / 2, y, width, height }), {
        alt,
      });
    else drawUnreadable(canvas, x, top, pictureHeight);
    let line = top + pictureHeight + 7;
    canvas.as('P', () => {
      for (const text of caption) {
        canvas.text(text, x, line, captionStyle);
        line += captionLeading;
      }
      for (const text of meta) {
        canvas.text(text, x, line, metaStyle);
        line += metaLeading;
      }
    });
  }
  canvas.y = top + heightOfRow(row) + 16;
}

function drawUnreadable(canvas: Sheet['canvas'], x: number, y: number, height: number): void {
  canvas.panel(x, y, columnWidth, height);
  canvas.as('P', () =>
    canvas.text('Cette photo ne peut pas être lue', x, y + height / 2 - 5, {
      size: 8.5,
      colour: colours.muted,
      width: columnWidth,
      align: 'center',
    }),
  );
}
