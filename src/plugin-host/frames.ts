/** A message is longer than allowed, nests too deep, or is no JSON. */
export class BadFrame extends Error {
  override readonly name = 'BadFrame';
}

const deepest = 64;

export function frameOf(message: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(message));
  const frame = Buffer.allocUnsafe(4 + json.length);
  frame.writeUInt32BE(json.length);
  json.copy(frame, 4);
  return frame;
}

/**
 * Takes bytes as they come and gives whole messages. Holds no more than one message of `longest` bytes: the length is
 * known, and refused, before its bytes are read.
 */
export function frameReader(longest: () => number): { take: (bytes: Buffer) => void; next: () => Buffer | undefined } {
  let chunks: Buffer[] = [];
  let held = 0;
  const joined = (): Buffer => {
    if (chunks.length > 1) chunks = [Buffer.concat(chunks)];
    return chunks[0] as Buffer;
  };
  return {
    take: (bytes) => {
      chunks.push(bytes);
      held += bytes.length;
    },
    next: () => {
      if (held < 4) return undefined;
      const first = chunks[0] as Buffer;
      const length = (first.length >= 4 ? first : joined()).readUInt32BE(0);
      if (length > longest()) throw new BadFrame(`Sent a message of ${length} bytes`);
      if (held < 4 + length) return undefined;
      const all = joined();
      held -= 4 + length;
      chunks = held > 0 ? [all.subarray(4 + length)] : [];
      return all.subarray(4, 4 + length);
    },
  };
}

/** The message as JSON, without keys that would reach a prototype where objects are merged. */
export function parseFrame(bytes: Buffer): unknown {
  if (depthOf(bytes) > deepest) throw new BadFrame(`Sent what nests deeper than ${deepest}`);
  const text = bytes.toString('utf8');
  try {
    // Also as an escape: "\u005f_proto__".
    if (!/__proto__|\\u005f/i.test(text)) return JSON.parse(text);
    return JSON.parse(text, (key, value: unknown) => (key === '__proto__' ? undefined : value));
  } catch {
    throw new BadFrame('Sent what is no JSON');
  }
}

/** How deep arrays and objects nest, by the bytes: what nests too deep overflows the stack of whoever walks it. */
function depthOf(bytes: Buffer): number {
  let [depth, most, isText] = [0, 0, false];
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (isText) {
      if (byte === 0x5c) i += 1;
      else if (byte === 0x22) isText = false;
    } else if (byte === 0x22) isText = true;
    else if (byte === 0x5b || byte === 0x7b) most = Math.max(most, ++depth);
    else if (byte === 0x5d || byte === 0x7d) depth -= 1;
  }
  return most;
}
