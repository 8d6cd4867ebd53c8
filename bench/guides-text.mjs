// The text of the documentation's own guides: Markdown, full of the words that detectors look for.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const GUIDES = fileURLToPath(new URL('../docs/guides/', import.meta.url));

export const GUIDES_TEXT = readdirSync(GUIDES)
  .filter((name) => name.endsWith('.md'))
  .sort()
  .map((name) => readFileSync(join(GUIDES, name), 'utf8'))
  .join('\n')
  // What is refused can't be measured.
  .replace(/[^\x20-\x7e\n]/g, ' ');
