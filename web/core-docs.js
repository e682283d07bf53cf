/* The reference page: draws Redoc into its place and makes the choice of API act at once. */
const place = document.getElementById('reference');
const choice = document.getElementById('api');

choice.addEventListener('change', () => choice.form.requestSubmit());

const system = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';
globalThis.Redoc.init(
  place.dataset.spec,
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
    place.setAttribute('aria-busy', 'false');
    if (!failure) return;
    const said = document.createElement('p');
    said.className = 'reference-failed';
    said.setAttribute('role', 'alert');
    said.textContent = 'The description of this API could not be loaded. Reload the page to try again.';
    place.replaceChildren(said);
  },
);
