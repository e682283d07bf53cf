import { type PointerEvent, useId, useRef } from 'react';
import styles from './cards.module.css';

/** The points of one line, in shares of the pad's width and height. */
export type Stroke = [x: number, y: number][];

const ink = '#10262b';

function draw(context: CanvasRenderingContext2D, strokes: readonly Stroke[]): void {
  const { width, height } = context.canvas;
  context.lineWidth = Math.max(2, width / 220);
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.strokeStyle = ink;
  for (const [first, ...rest] of strokes) {
    if (!first) continue;
    context.beginPath();
    context.moveTo(first[0] * width, first[1] * height);
    // A dot is a line to where it begins.
    for (const [x, y] of rest.length > 0 ? rest : [first]) context.lineTo(x * width, y * height);
    context.stroke();
  }
}

/** Ground on which one draws; what is drawn goes into `strokes`. */
export function SignaturePad({ label, strokes }: { label: string; strokes: Stroke[] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const isDown = useRef(false);
  const id = useId();
  const pointOf = (event: PointerEvent<HTMLCanvasElement>): [number, number] => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    return [(event.clientX - left) / width, (event.clientY - top) / height];
  };
  const redraw = () => {
    const at = canvas.current;
    const context = at?.getContext('2d');
    if (!at || !context) return;
    const { width, height } = at.getBoundingClientRect();
    at.width = width * devicePixelRatio;
    at.height = height * devicePixelRatio;
    draw(context, strokes);
  };
  return (
    <div className="stack">
      <p id={id} className="quiet">
        {label}
      </p>
      <canvas
        ref={canvas}
        className={styles.pad}
        role="img"
        aria-labelledby={id}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          isDown.current = true;
          strokes.push([pointOf(event)]);
          redraw();
        }}
        onPointerMove={(event) => {
          if (!isDown.current) return;
          strokes.at(-1)?.push(pointOf(event));
          redraw();
        }}
        onPointerUp={() => (isDown.current = false)}
        onPointerCancel={() => (isDown.current = false)}
      />
    </div>
  );
}

/** A PNG of what was drawn, or, when nothing was, of the name in the hand of a typewriter's italics. */
export async function signaturePicture(strokes: readonly Stroke[], name: string): Promise<File> {
  const canvas = document.createElement('canvas');
  canvas.width = 900;
  canvas.height = 300;
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  if (strokes.length > 0) draw(context, strokes);
  else {
    context.fillStyle = ink;
    context.font = 'italic 72px Georgia, serif';
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText(name, canvas.width / 2, canvas.height / 2, canvas.width - 60);
  }
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('The browser could not draw the signature');
  return new File([blob], 'signature.png', { type: 'image/png' });
}
