/** Whether a role's permission covers what is asked: `*` stands for all, as on the server. */
export function covers(held: string, asked: string): boolean {
  const [resource, action] = held.split(':');
  const [askedResource, askedAction] = asked.split(':');
  return (resource === '*' || resource === askedResource) && (action === '*' || action === askedAction);
}
