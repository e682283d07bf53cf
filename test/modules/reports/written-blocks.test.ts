import { expect, test } from 'vitest';
import { writtenBlocks } from '../../../src/modules/reports/content/written-blocks.js';

test('of HTML the text is taken, without scripts', () => {
  const html = '<p>Avant</p><script>alert(1)</script><ul><li class="a">un</li><li>deux</li></ul>a < b<br>';
  expect(writtenBlocks(html)).toEqual([{ heading: null, paragraphs: ['Avant\n\n– un\n– deux\n\na < b'] }]);
});

test.each(['<li ', '<script ', '</p', '<br ', '<a '])('tags that never end are read at once: %s', (tag) => {
  const startedMs = performance.now();
  writtenBlocks(`</p>${tag.repeat(150_000 / tag.length)}`);
  expect(performance.now() - startedMs).toBeLessThan(1000);
});
