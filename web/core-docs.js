/* The reference page: draws Redoc into its place and makes the choice of API act at once. */
import { withoutSection } from './contract-sections.js';
import { curlOf } from './curl-samples.js';
import { language } from './language.js';
import { translateLabels } from './translate-labels.js';

const place = document.getElementById('reference');
const choice = document.getElementById('api');

choice.addEventListener('change', () => choice.form.requestSubmit());

const system = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';

/** The operation's GraphQL with the fragments that it uses, and those that these use. */
function completeGraphql(operation, fragments, found = new Set()) {
  for (const [, name] of operation.matchAll(/\.\.\.(?!on\b)(\w+)/g)) {
    if (found.has(name) || !fragments[name]) continue;
    found.add(name);
    completeGraphql(fragments[name], fragments, found);
  }
  return [operation, ...[...found].map((name) => fragments[name])].join('\n\n');
}

/** Gives each operation a curl command, and its GraphQL below its description. */
function forReaders(document) {
  const fragments = document['x-graphql-fragments'] ?? {};
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const curl = { lang: 'Shell', label: 'curl', source: curlOf(document, { path, method, operation }) };
      operation['x-codeSamples'] = [curl];
      operation.description = withoutSection(operation.description);
      if (!operation['x-graphql']) continue;
      const text = completeGraphql(operation['x-graphql'], fragments);
      operation.description += `\n\n<details><summary>GraphQL</summary>\n\n\`\`\`graphql\n${text}\n\`\`\`\n\n</details>`;
    }
  }
  return document;
}

const failed = {
  en: 'The description of this API could not be loaded. Reload the page to try again.',
  fr: 'La description de cette API n’a pas pu être chargée. Rechargez la page pour réessayer.',
}[language];
const showFailure = () => {
  place.setAttribute('aria-busy', 'false');
  const said = document.createElement('p');
  said.className = 'reference-failed';
  said.setAttribute('role', 'alert');
  said.lang = language;
  said.textContent = failed;
  place.replaceChildren(said);
};

const dark = matchMedia('(prefers-color-scheme: dark)');
// Redoc takes its colours once, when it draws.
dark.addEventListener('change', () => location.reload());

/** Redoc's theme from the colours of the site's style sheet, for the scheme that is in force. */
function theme() {
  const style = getComputedStyle(document.body);
  const [accent, text, quiet, line, card, ground, tint, code] = [
    'accent',
    'text',
    'quiet',
    'line',
    'card',
    'ground',
    'tint',
    'code-ground',
  ].map((name) => style.getPropertyValue(`--${name}`).trim());
  const [good, bad, other] = dark.matches ? ['#7ddc8f', '#ffb4ab', '#ffd38a'] : ['#14632a', '#9a1f18', '#7a4b00'];
  return {
    colors: {
      primary: { main: accent },
      success: { main: good },
      error: { main: bad },
      warning: { main: other, contrastText: '#17262b' },
      text: { primary: text, secondary: quiet },
      border: { dark: line, light: line },
      responses: {
        success: { color: good, backgroundColor: tint, tabTextColor: '#7ddc8f' },
        error: { color: bad, backgroundColor: dark.matches ? '#43201d' : '#fdeceb', tabTextColor: '#ffb4ab' },
        redirect: { color: other, backgroundColor: tint, tabTextColor: '#ffd38a' },
        info: { color: accent, backgroundColor: tint, tabTextColor: '#7fd9cf' },
      },
      // White letters stand on these.
      http: {
        get: '#1d6b32',
        post: '#0b5a8a',
        put: '#6d4bb0',
        patch: '#7a4b00',
        delete: '#a3221b',
        head: '#4f6167',
        options: '#4f6167',
        basic: '#4f6167',
        link: '#0b6461',
      },
    },
    schema: {
      linesColor: accent,
      typeNameColor: quiet,
      typeTitleColor: quiet,
      requireLabelColor: bad,
      nestedBackground: dark.matches ? '#10191d' : '#f6f8f8',
      arrow: { color: quiet },
    },
    typography: {
      fontFamily: system,
      headings: { fontFamily: system, fontWeight: '600' },
      code: {
        fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
        color: bad,
        backgroundColor: dark.matches ? card : ground,
      },
      links: { color: accent, visited: accent, hover: accent },
    },
    sidebar: { backgroundColor: dark.matches ? card : '#f5f7f7', textColor: text, activeTextColor: accent },
    rightPanel: { backgroundColor: '#17262b', textColor: '#ffffff' },
    codeBlock: { backgroundColor: dark.matches ? code : '#0a1114' },
  };
}

const draw = (description) =>
  globalThis.Redoc.init(
    forReaders(description),
    {
      hideDownloadButton: true,
      scrollYOffset: '.reference-bar',
      expandResponses: '200,201',
      jsonSampleExpandLevel: 3,
      sortRequiredPropsFirst: true,
      // The command stands before the body that it sends.
      payloadSampleIdx: 1,
      theme: theme(),
    },
    place,
    (failure) => {
      if (failure) showFailure();
      else place.setAttribute('aria-busy', 'false');
    },
  );

translateLabels(place);
fetch(place.dataset.spec)
  .then((response) => (response.ok ? response.json() : Promise.reject(new Error(response.statusText))))
  .then(draw)
  .catch(showFailure);
