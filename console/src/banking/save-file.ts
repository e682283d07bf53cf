/** Has the browser save a file that the graph answered in base64. */
export function saveBase64({
  name,
  mimeType,
  contentBase64,
}: {
  name: string;
  mimeType: string;
  contentBase64: string;
}) {
  const bytes = Uint8Array.from(atob(contentBase64), (character) => character.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes], { type: mimeType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by the next turn.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
