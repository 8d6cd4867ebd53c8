import { hiddenTextFault } from '#libs/fields';
import { ToolPoisoningDetector } from '#libs/guardrails';
import type { JsonObject } from '#libs/mcp';
import type { Flag } from '../../integrity/integrity-keeper.js';

const MOST_FLAGS = 20;
const LONGEST_FIELD = 200;

/** What looks wrong in definitions: text that nobody sees, and instructions to the model. */
export class DefinitionFlags {
  readonly #poisoning: ToolPoisoningDetector;

  constructor(threshold: number) {
    this.#poisoning = new ToolPoisoningDetector({ threshold });
  }

  of(definition: JsonObject): readonly Flag[] {
    const flags = [...hiddenIn(definition), ...this.#poisoned(definition)];
    return flags.slice(0, MOST_FLAGS).map((flag) => ({ ...flag, field: flag.field.slice(0, LONGEST_FIELD) }));
  }

  #poisoned({ name, title, description, ...others }: JsonObject): Flag[] {
    const { score, reasons } = this.#poisoning.judge({
      name: text(name) ?? '',
      title: text(title),
      description: text(description),
      parameters: {
        inputSchema: others['inputSchema'],
        outputSchema: others['outputSchema'],
        arguments: others['arguments'],
      },
      annotations: others['annotations'],
    });
    if (score < this.#poisoning.threshold) return [];
    return reasons
      .toSorted((a, b) => b.weight - a.weight)
      .map(({ family, rule, field }) => ({
        rule,
        field: field.replace(/^parameters\./, ''),
        text: `reads like ${family.replaceAll('_', ' ')}`,
      }));
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** In values and in names of members, anywhere. */
function* hiddenIn(value: unknown, field = ''): Iterable<Flag> {
  const fault = typeof value === 'string' ? hiddenTextFault(value) : undefined;
  if (fault !== undefined) yield { rule: 'hidden_text', field, text: fault };
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    const at = field === '' ? name : `${field}.${name}`;
    const ofName = hiddenTextFault(name);
    if (ofName !== undefined)
      yield { rule: 'hidden_text', field: field || 'name', text: `has a member whose name ${ofName}` };
    yield* hiddenIn(member, at);
  }
}
