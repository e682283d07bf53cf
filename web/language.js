/**
 * The language of the page, `en` or `fr`, as the server chose it.
 * @type {'en' | 'fr'}
 */
export const language = document.documentElement.lang;
