import { FileText } from 'lucide-react';
import { useState } from 'react';
import styles from './preview-picture.module.css';

interface PreviewPictureProps {
  src: string;
  /** Empty beside the document's name. */
  alt: string;
  isLazy?: boolean;
}

/** The picture of a page; a drawn sheet where none can be made. */
export function PreviewPicture({ src, alt, isLazy = true }: PreviewPictureProps) {
  const [failed, setFailed] = useState<string>();
  if (failed === src)
    return (
      <span className={styles.none} {...(alt && { role: 'img', 'aria-label': alt })}>
        <FileText size={32} aria-hidden />
      </span>
    );
  return (
    <img
      className={styles.picture}
      src={src}
      alt={alt}
      {...(isLazy && { loading: 'lazy' })}
      onError={() => setFailed(src)}
    />
  );
}
