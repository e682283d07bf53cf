/* The page to try an API: Swagger UI over its OpenAPI document, signed in as this tab or its cookie is. */
import './try-api.css';
import { withoutSection } from './contract-sections.js';
import { accessToken } from './session.js';
import { translateLabels } from './translate-labels.js';

const place = document.getElementById('reference');
const choice = document.getElementById('api');
const dark = matchMedia('(prefers-color-scheme: dark)');

choice.addEventListener('change', () => choice.form.requestSubmit());
const followScheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', followScheme);
followScheme();

/** What was entered under "Authorize" wins over who is signed in here. */
async function asWhoIsSignedIn(request) {
  const isGiven = Object.keys(request.headers ?? {}).some((name) => /^(?:authorization|x-api-key)$/i.test(name));
  const token = isGiven ? null : await accessToken();
  if (token) request.headers = { ...request.headers, Authorization: `Bearer ${token}` };
  request.credentials = 'same-origin';
  return request;
}

/** Requests go to where this page is from: its public address may be another one, which the content policy forbids. */
const servedHere = ({ url }) => ({ url: new URL(url, location.href).pathname });

translateLabels(place);
const described = await (await fetch(place.dataset.spec)).json();
for (const operations of Object.values(described.paths))
  for (const operation of Object.values(operations)) operation.description = withoutSection(operation.description);
window.SwaggerUIBundle({
  spec: { ...described, servers: described.servers?.map(servedHere) },
  domNode: place,
  deepLinking: true,
  docExpansion: 'list',
  filter: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  requestInterceptor: asWhoIsSignedIn,
  // It would ask another host.
  validatorUrl: null,
  onComplete: () => place.setAttribute('aria-busy', 'false'),
});
