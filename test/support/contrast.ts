import type { Page } from 'playwright-core';

/**
 * The texts of a page that stand out too little from what is behind them, by WCAG 2.2, 1.4.3 (AA): 4.5 to 1, and 3 to 1
 * for large ones. One line for each pair of colours: the ratio, both colours, and the first text that has them.
 * Hints of empty fields count. Backgrounds that are pictures are not looked at.
 */
export const faintTexts = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const { document, getComputedStyle } = globalThis as any;
    type Color = [red: number, green: number, blue: number, alpha: number];
    const read = (text: string): Color => {
      const [red = 0, green = 0, blue = 0, alpha = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
      return [red, green, blue, alpha];
    };
    const over = ([r, g, b, a]: Color, [R, G, B]: Color): Color => [
      r * a + R * (1 - a),
      g * a + G * (1 - a),
      b * a + B * (1 - a),
      1,
    ];
    const luminance = ([red, green, blue]: Color): number => {
      const [r, g, b] = [red, green, blue].map((each) =>
        each / 255 <= 0.03928 ? each / 255 / 12.92 : ((each / 255 + 0.055) / 1.055) ** 2.4,
      ) as [number, number, number];
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    /** Of the element and those around it, from the outermost opaque one inwards. */
    const behind = (element: any): Color => {
      const layers: Color[] = [];
      for (let each = element; each; each = each.parentElement) {
        const color = read(getComputedStyle(each).backgroundColor);
        if (color[3] > 0) layers.push(color);
        if (color[3] === 1) break;
      }
      return layers.reduceRight<Color>((below, layer) => over(layer, below), [255, 255, 255, 1]);
    };
    const opacityOf = (element: any): number =>
      element ? Number(getComputedStyle(element).opacity) * opacityOf(element.parentElement) : 1;
    const found = new Map<string, string>();
    for (const element of document.body.querySelectorAll('*')) {
      const written = [...element.childNodes].find((node: any) => node.nodeType === 3 && node.data.trim() !== '');
      const hint: string = element.matches(':placeholder-shown') ? element.placeholder : '';
      const text: string = written?.data.trim() ?? hint;
      if (
        text === '' ||
        element.closest('[disabled], noscript') ||
        !element.checkVisibility({ visibilityProperty: true })
      )
        continue;
      const style = getComputedStyle(element, hint === '' ? null : '::placeholder');
      const ground = behind(element);
      const [r, g, b, a] = read(style.color);
      const [light, darker] = [luminance(over([r, g, b, a * opacityOf(element)], ground)), luminance(ground)].toSorted(
        (one, other) => other - one,
      ) as [number, number];
      const ratio = (light + 0.05) / (darker + 0.05);
      const size = parseFloat(style.fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      const pair = `${style.color} on rgb(${ground.slice(0, 3).map(Math.round).join(', ')})`;
      if (ratio < (isLarge ? 3 : 4.5))
        found.set(pair, `${ratio.toFixed(2)}: ${pair}: ${text.slice(0, 40)} <${element.tagName} ${element.className}>`);
    }
    return [...found.values()];
  });
