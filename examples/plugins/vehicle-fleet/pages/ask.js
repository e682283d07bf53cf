const waiting = new Map();
let last = 0;

addEventListener('message', ({ source, data }) => {
  if (source !== parent || !waiting.has(data?.id)) return;
  const { resolve, reject } = waiting.get(data.id);
  waiting.delete(data.id);
  const [error] = data.errors ?? [];
  if (error) reject(Object.assign(new Error(error.message), { errors: data.errors }));
  else resolve(data.data);
});

/** Asks the graph by way of the page around this one: resolves with the `data` of the operation. */
export const ask = (query, variables = {}) =>
  new Promise((resolve, reject) => {
    last += 1;
    waiting.set(last, { resolve, reject });
    parent.postMessage({ id: last, query, variables }, '*');
  });
