/** A tool as an upstream defines it. */
export interface ToolDefinition {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  /** JSON schema of the arguments. */
  readonly parameters?: unknown;
  readonly annotations?: unknown;
}

/** One string that a model reads in a definition. */
export interface ToolText {
  /** Where it stands: `description`, `parameters.properties.path.description`. */
  readonly field: string;
  readonly kind: 'name' | 'prose' | 'parameter';
  readonly text: string;
}

const DEEPEST = 24;
const MOST_TEXTS = 2000;

/** Every string of a definition that reaches the model, names in words. Bounded; what is beyond is not looked at. */
export function toolTexts(tool: ToolDefinition): readonly ToolText[] {
  const texts: ToolText[] = [{ field: 'name', kind: 'name', text: words(tool.name) }];
  if (tool.title !== undefined) texts.push({ field: 'title', kind: 'prose', text: tool.title });
  if (tool.description !== undefined) texts.push({ field: 'description', kind: 'prose', text: tool.description });
  walk(tool.parameters, 'parameters', false, 0, texts);
  walk(tool.annotations, 'annotations', false, 0, texts);
  return texts;
}

function walk(value: unknown, field: string, areNames: boolean, depth: number, texts: ToolText[]): void {
  if (texts.length >= MOST_TEXTS || depth > DEEPEST) return;
  if (typeof value === 'string') {
    texts.push({ field, kind: 'prose', text: value });
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => walk(item, `${field}.${index}`, false, depth + 1, texts));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      if (areNames) texts.push({ field: `${field}.${key}`, kind: 'parameter', text: words(key) });
      walk(item, `${field}.${key}`, !areNames && key === 'properties', depth + 1, texts);
    }
  }
}

/** `readFile_now` as `read file now`. */
const words = (name: string): string =>
  name
    .slice(0, 512)
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[_\-./:]+/g, ' ');
