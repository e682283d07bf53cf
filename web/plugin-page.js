/*
 * The page around a plugin's page: signs in, shows the plugin's page in its sandbox, and runs what it asks. A message is
 * `{ id, query, variables }`; its answer is `{ id, data, errors }`, as GraphQL has them.
 */
import { language } from './language.js';
import { identify, session, sessionFetch, signIn, signOut } from './session.js';

const noAnswer = { en: 'The server did not answer.', fr: 'Le serveur n’a pas répondu.' }[language];
const part = (id) => document.getElementById(id);
const frame = part('frame');
const form = part('sign-in');

function show() {
  const { status, person } = session.get();
  const isSignedIn = status === 'signed-in';
  part('person').hidden = !isSignedIn;
  part('person-name').textContent = person?.fullName || person?.email || '';
  form.hidden = status !== 'anonymous';
  frame.hidden = !isSignedIn;
  const shown = isSignedIn ? person.id : '';
  if (frame.dataset.shownTo === shown) return;
  frame.dataset.shownTo = shown;
  // What one person was shown is not left to the next.
  if (isSignedIn) frame.src = frame.dataset.src;
  else frame.removeAttribute('src');
  if (!form.hidden) form.username.focus();
}

async function answerTo(query, variables) {
  try {
    const answer = await sessionFetch(frame.dataset.graphql, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await answer.json();
    if (answer.status === 401) void identify();
    return { data, errors };
  } catch {
    return { errors: [{ message: noAnswer }] };
  }
}

addEventListener('message', async ({ source, data }) => {
  if (source !== frame.contentWindow || typeof data?.query !== 'string') return;
  const { id, query, variables } = data;
  // The sandbox has no origin that could be named.
  frame.contentWindow?.postMessage({ id, ...(await answerTo(query, variables)) }, '*');
});

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const button = form.querySelector('button');
  button.disabled = true;
  part('problem').hidden = true;
  const refusal = await signIn(form.username.value, form.password.value, form.code.value || undefined);
  button.disabled = false;
  if (refusal === null) return form.reset();
  part('problem').textContent = refusal.problem ?? '';
  part('problem').hidden = refusal.problem === null;
  if (!refusal.needsCode) return form.password.select();
  part('second-factor').hidden = false;
  form.code.select();
});
part('sign-out').addEventListener('click', () => void signOut());

session.subscribe(show);
void identify();
