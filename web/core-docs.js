/* The reference page: draws Redoc into its place and makes the choice of API act at once. */
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

/** Shows the GraphQL of each operation below its description. */
function withGraphql(document) {
  const fragments = document['x-graphql-fragments'] ?? {};
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    if (!operation['x-graphql']) continue;
    const text = completeGraphql(operation['x-graphql'], fragments);
    operation.description += `\n\n<details><summary>GraphQL</summary>\n\n\`\`\`graphql\n${text}\n\`\`\`\n\n</details>`;
  }
  return document;
}

const showFailure = () => {
  place.setAttribute('aria-busy', 'false');
  const said = document.createElement('p');
  said.className = 'reference-failed';
  said.setAttribute('role', 'alert');
  said.textContent = 'The description of this API could not be loaded. Reload the page to try again.';
  place.replaceChildren(said);
};

const draw = (description) =>
  globalThis.Redoc.init(
    withGraphql(description),
    {
      hideDownloadButton: true,
      scrollYOffset: '.reference-bar',
      expandResponses: '200,201',
      jsonSampleExpandLevel: 3,
      sortRequiredPropsFirst: true,
      theme: {
        colors: { primary: { main: '#0b6461' }, text: { primary: '#17262b', secondary: '#4f6167' } },
        typography: {
          fontFamily: system,
          headings: { fontFamily: system, fontWeight: '600' },
          code: { fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace', color: '#9a2d18' },
          links: { color: '#0b6461' },
        },
        sidebar: { backgroundColor: '#f5f7f7' },
        rightPanel: { backgroundColor: '#17262b' },
      },
    },
    place,
    (failure) => {
      if (failure) showFailure();
      else place.setAttribute('aria-busy', 'false');
    },
  );

fetch(place.dataset.spec)
  .then((response) => (response.ok ? response.json() : Promise.reject(new Error(response.statusText))))
  .then(draw)
  .catch(showFailure);
