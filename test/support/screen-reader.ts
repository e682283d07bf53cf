import type { CDPSession, Page } from 'playwright-core';

interface AccessibleNode {
  nodeId: string;
  parentId?: string;
  childIds?: string[];
  ignored: boolean;
  role?: { value: string };
  name?: { value: string };
  description?: { value: string };
  properties?: { name: string; value: { value: unknown } }[];
}

/** What nobody can tell apart from others, or use, without a name. */
const named = new Set(
  `alertdialog button checkbox columnheader combobox dialog figure grid iframe image img link listbox menuitem meter option
  progressbar radio radiogroup searchbox slider spinbutton switch tab table tablist textbox treegrid`.split(/\s+/),
);

const nameOf = ({ name }: AccessibleNode): string => name?.value.trim() ?? '';

const sessions = new WeakMap<Page, Promise<CDPSession>>();

/**
 * What a reader of the screen is not told, a line for each: names that are missing, buttons and links of one list that sound
 * the same and do different things, levels of headings that are left out.
 */
export async function unheard(page: Page): Promise<string[]> {
  if (!sessions.has(page)) sessions.set(page, page.context().newCDPSession(page));
  const session = (await sessions.get(page)) as CDPSession;
  const { nodes } = (await session.send('Accessibility.getFullAXTree')) as unknown as { nodes: AccessibleNode[] };
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const rolesAround = (node: AccessibleNode): string[] => {
    const above = byId.get(node.parentId ?? '');
    return above ? [above.role?.value ?? '', ...rolesAround(above)] : [];
  };
  const propertyOf = ({ properties }: AccessibleNode, name: string): unknown =>
    properties?.find((each) => each.name === name)?.value.value;
  const inOrder = (node: AccessibleNode | undefined): AccessibleNode[] =>
    node ? [node, ...(node.childIds ?? []).flatMap((id) => inOrder(byId.get(id)))] : [];
  const shown = inOrder(nodes[0]).filter(({ ignored }) => !ignored);
  /** What one sees of the list's line in which it stands. */
  const lineOf = (node: AccessibleNode): string => {
    let line: AccessibleNode | undefined = node;
    while (line && line.role?.value !== 'row' && line.role?.value !== 'listitem') line = byId.get(line.parentId ?? '');
    const texts = inOrder(line).filter(({ role }) => role?.value === 'StaticText');
    return texts.map(nameOf).join(' ');
  };

  // What React Aria has read out stands in a log, and names for some seconds what may be gone.
  const nameless = shown
    .filter((node) => named.has(node.role?.value ?? '') && nameOf(node) === '' && !rolesAround(node).includes('log'))
    .map(
      (node) => `without a name: ${node.role?.value} in ${rolesAround(node).filter(Boolean).slice(0, 4).join(' < ')}`,
    );

  const targets = new Map<string, Set<unknown>>();
  for (const node of shown) {
    const role = node.role?.value;
    const around = rolesAround(node);
    if ((role !== 'button' && role !== 'link') || !(around.includes('row') || around.includes('listitem'))) continue;
    const heard = [role, nameOf(node), node.description?.value].filter(Boolean).join(' ');
    // Two links to one place may sound the same, and what looks the same to everybody.
    const target = role === 'link' ? propertyOf(node, 'url') : lineOf(node);
    targets.set(heard, (targets.get(heard) ?? new Set()).add(target));
  }
  const alike = [...targets]
    .filter(([, { size }]) => size > 1)
    .map(([heard, { size }]) => `sounds alike ${size} times: ${heard}`);

  let last = 0;
  const leaps: string[] = [];
  for (const node of shown.filter(({ role }) => role?.value === 'heading')) {
    const level = Number(propertyOf(node, 'level'));
    if (last > 0 && level > last + 1) leaps.push(`heading from level ${last} to ${level}: ${nameOf(node)}`);
    last = level;
  }
  return [...nameless, ...alike, ...leaps];
}
