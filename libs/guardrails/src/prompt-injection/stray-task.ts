import type { Reason } from './window-score.js';

const ASKING = String.raw`(?:compose|summari[sz]e|translate|explain|describe|suggest|recommend|analy[sz]e|compare|outline|draft|evaluate|discuss|rewrite|calculate|share|offer|assist|help|craft|propose|plan|tell|reverse|respond|answer|classify|predict|emulate|act|play|teach|advise|encourage|promote|invent|imagine)`;
/** Manuals use these words of their functions. */
const MAKING = String.raw`(?:write|generate|list|provide|give|create|design|develop|identify|determine|conduct|construct|prepare|encode|convert|define|simulate|implement)`;
const TASK = `(?:${ASKING}|${MAKING})`;
const MADE = String.raw`(?:list|poems?|stor(?:y|ies)|articles?|essays?|e-?mails?|campaign|plans?|summary|overview|posts?|speech|slogans?|itinerary|recipes?|scripts?|reports?|letters?|chatbot|content(?!-)|presentation|proposal|guide|tips|tutorial|instructions|advice|suggestions|recommendations|ideas|strategies|steps|examples|explanation|analysis|sentiment|survey|response|answer|reply|insights|guidance|dialogue|song|joke|review|ways|jokes|quotes|facts|research|trends|customer|business|marketing|emotion\w*|tone|areas|themes?)`;
/** A line that asks for one thing an assistant makes. */
const ASKS = new RegExp(
  String.raw`^(?:please\s+)?(?:${ASKING}\s+(?:\w+\s+){0,6}?(?:in|for|on|of|with|about|how|why|what|the|an?|some|your|their|between|to|that|as|like)\s|${MAKING}\s+(?:[\w'-]+\s+){0,6}?${MADE}\b)[^\n\x60]{4,300}$`,
);
/** What a prompt has and a document has not: more tasks, or a role for the model. */
const PROMPT = new RegExp(
  String.raw`(?:^|[.!?:]\s|\n\s{0,4}(?:[-*\d.)]+\s)?)(?:${TASK}|imagine|pretend|assume)\s|^\s*you(?:'re| are)\b|\b(?:your task|i want you to|i need you to|act as|as an? (?:ai|expert|language)|you are an? (?:ai|expert|assistant|helpful|professional))\b`,
);
/** UTF-16 units: of the document around the line, how much of it is read, and of the line. */
const LEAST_DOCUMENT = 160;
const AROUND = 3000;
const [SHORTEST, LONGEST] = [24, 360];

/** Lines that are looked at. */
const MOST_LINES = 2000;

/**
 * One task for an assistant, on a line of its own, in a text that else is a document. Within a paragraph nothing tells it
 * from what people ask each other; where there are several, the text is a prompt or a manual.
 */
export function strayTask(text: string): Reason | undefined {
  if (text.length < LEAST_DOCUMENT + SHORTEST) return undefined;
  let found: Reason | undefined;
  let lines = 0;
  for (let start = 0; start < text.length && lines++ < MOST_LINES;) {
    const end = endOfLine(text, start);
    if (isTask(text, start, end)) {
      if (found !== undefined) return undefined;
      found = { family: 'stray_task', rule: 'stray_task', weight: 0.5, start, end };
    }
    start = end + 1;
  }
  if (found === undefined) return undefined;
  const rest = `${text.slice(Math.max(0, found.start - AROUND), found.start)}${text.slice(found.end + 1, found.end + AROUND)}`;
  return rest.trim().length < LEAST_DOCUMENT || PROMPT.test(rest.toLowerCase()) ? undefined : found;
}

function endOfLine(text: string, start: number): number {
  const at = text.indexOf('\n', start);
  return at < 0 ? text.length : at;
}

/** Begins like a sentence after the end of one, and ends like one. */
function isTask(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start);
  if (first < 0x41 || first > 0x5a || end - start < SHORTEST || end - start > LONGEST) return false;
  return /[.!:]\s*$/.test(text.slice(end - 3, end)) && ASKS.test(text.slice(start, end).toLowerCase());
}
