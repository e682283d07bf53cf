/* The home page's copy buttons. They appear only where this script runs. */

import { language } from './language.js';

const words = {
  en: { copy: 'Copy', copied: 'Copied', byHand: 'Press Ctrl+C' },
  fr: { copy: 'Copier', copied: 'Copié', byHand: 'Ctrl+C' },
}[language];

/** Outside https and localhost a page has no clipboard API; selecting and copying works everywhere. */
async function copy(code) {
  if (navigator.clipboard) return navigator.clipboard.writeText(code.textContent);
  const selection = getSelection();
  selection.selectAllChildren(code);
  document.execCommand('copy');
  selection.removeAllRanges();
}

for (const block of document.querySelectorAll('[data-copy]')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = words.copy;
  button.setAttribute('aria-live', 'polite');
  button.addEventListener('click', async () => {
    try {
      await copy(block.querySelector('code'));
      button.textContent = words.copied;
    } catch {
      button.textContent = words.byHand;
    }
    setTimeout(() => (button.textContent = words.copy), 2000);
  });
  block.append(button);
}
