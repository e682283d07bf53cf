const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

/** What is taken in from the field, whatever its name says; anything else is refused. */
export const mediaTypes = [
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'video/mp4',
  'video/quicktime',
  'video/webm',
  'audio/mpeg',
  'audio/wav',
  'audio/mp4',
  'audio/webm',
  'application/pdf',
  'application/msword',
  docx,
] as const;

export type MediaType = (typeof mediaTypes)[number];
