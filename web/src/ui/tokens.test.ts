import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

// SCREEN-BAR 6: body text >= 7:1, secondary >= 4.5:1 also on one's own bubble, icons, borders and focus >= 3:1; at most 24 colours.
const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark)');

const themes = { light: tokensOf(light), dark: tokensOf(dark) };

const pairs: [least: number, text: string[], grounds: string[]][] = [
  [7, ['ink'], ['canvas', 'surface', 'raised', 'hover', 'press']],
  [7, ['own-ink'], ['own']],
  [7, ['notice-ink'], ['notice']],
  [4.5, ['soft'], ['canvas', 'surface', 'raised', 'hover', 'press']],
  [4.5, ['own-soft'], ['own']],
  [4.5, ['accent'], ['canvas', 'surface', 'raised', 'hover', 'press']],
  [4.5, ['danger'], ['canvas', 'surface', 'raised', 'hover']],
  [4.5, ['on-accent'], ['accent', 'accent-strong', 'tone-1', 'tone-2', 'tone-3', 'tone-4']],
  [3, ['edge'], ['surface', 'raised', 'canvas']],
  [3, ['read'], ['own', 'surface', 'hover', 'press']],
  [3, ['raised'], ['read']],
  [3, ['danger'], ['own']],
];

describe.each(Object.entries(themes))('the %s theme', (_, tokens) => {
  test('has at most 24 colours', () => {
    expect(tokens.size).toBeGreaterThan(10);
    expect(tokens.size).toBeLessThanOrEqual(24);
  });

  test.each(pairs)('keeps %d:1 for %j on %j', (least, texts, grounds) => {
    for (const text of texts)
      for (const ground of grounds) expect(contrast(tokens, text, ground), `${text} on ${ground}`).toBeGreaterThanOrEqual(least);
  });
});

function tokensOf(block: string): Map<string, string> {
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((match) => [match[1] ?? '', match[2] ?? '']));
}

/** WCAG 2.2's contrast ratio. */
function contrast(tokens: Map<string, string>, a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(tokens.get(a)), luminance(tokens.get(b))].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex = '#000000'): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
