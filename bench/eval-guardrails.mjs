// What the guardrails find: npm run eval:guardrails -- [--corpora DIR] [--only secrets,pii] [--misses 5] [--encodings]. Needs `npm run build`.
// Each row of each file of labelled samples is put into every shape that content has, walked and judged as the gate
// does; a benign row has to come through untouched. Samples: test/fixtures/corpora/README.md.
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ANCHORS } from './guardrails/anchors.mjs';
import { readCorpora } from './guardrails/corpora.mjs';
import { BYSTANDERS, compilePattern, Content, evilPattern, JUDGES } from './guardrails/judges.mjs';
import { Score, SpanScore, worst } from './guardrails/score.mjs';
import { ENCODINGS, SHAPES } from './guardrails/shapes.mjs';

const { values } = parseArgs({
  options: {
    corpora: { type: 'string', default: join(import.meta.dirname, '../test/fixtures/corpora') },
    only: { type: 'string', default: '' },
    misses: { type: 'string', default: '0' },
    encodings: { type: 'boolean', default: false },
  },
});
const MISSES = Number(values.misses);
if (!(MISSES >= 0 && MISSES <= 1000)) throw new Error('--misses is a number from 0 to 1000');
const wanted = values.only.split(',').filter((part) => part !== '');
const isWanted = (name) => wanted.length === 0 || wanted.some((part) => name.includes(part));
const MASK = () => '[REDACTED]';

/** File, figures: the summary. */
const results = [];

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}, load ${loadavg()[0]?.toFixed(2)}`);
console.log('P precision, R recall, FPR false-positive rate; kept: benign rows that came through untouched');
for (const { name, rows } of readCorpora(values.corpora)) {
  if (name.startsWith('redos/') && isWanted(name)) {
    patterns(name, rows);
    continue;
  }
  const [, kind, judge] = JUDGES.find(([files]) => files.test(name)) ?? [];
  if (kind && isWanted(`${kind} ${name}`)) evaluate(name, rows, kind, judge);
  for (const [files, other, bystander] of BYSTANDERS) {
    if (files.test(name) && isWanted(`${other} ${name}`) && bystander) besides(name, rows, other, bystander);
  }
}
summary();

function evaluate(name, rows, kind, judge) {
  heading(name, rows, kind);
  if (!judge) return console.log('  this build has no such detector');
  if (judge.decides) return decided(name, rows, judge);
  const shapes = { ...SHAPES, ...(values.encodings ? encodings() : {}) };
  const figures = [];
  for (const [shape, wrap] of Object.entries(shapes)) {
    const score = scoreOf(rows, wrap, judge);
    if (shape in SHAPES) figures.push(score.figures);
    console.log(`  ${shape.padEnd(18)} ${line(score)}`);
  }
  const spans = rows.some((row) => row.spans) ? spansOf(rows, judge) : {};
  results.push([name, { ...worst(figures), ...spans }]);
  console.log(`  ${speed(rows, judge)}`);
  if (MISSES > 0) list(rows, ({ text }) => Content.of({ input: text }).find(judge).length > 0);
}

function encodings() {
  const shapes = Object.entries(ENCODINGS).map(([name, encode]) => [name, (text) => ({ input: encode(text) })]);
  return Object.fromEntries(shapes);
}

/** Rows that are judged whole, such as definitions of tools. */
function decided(name, rows, judge) {
  const score = new Score();
  for (const row of rows) {
    const isFound = judge.decides(row);
    score.add(row.label, isFound, !isFound);
  }
  console.log(`  definition         ${line(score)}`);
  results.push([name, score.figures]);
  // Some definitions are malicious in code that is not among the samples, and read like any other.
  const telling = rows.filter(({ note }) => !note?.startsWith('malicious in code'));
  if (telling.length < rows.length) {
    const missed = telling.filter((row) => row.label === 1 && !judge.decides(row)).length;
    const positives = telling.filter(({ label }) => label === 1).length;
    console.log(`  its words tell it  R ${figure((positives - missed) / positives)}`);
  }
  console.log(`  CPU µs per KB of rows: ${perKilobyte(rows, (_, row) => judge.decides(row)).toFixed(1)}`);
  if (MISSES > 0) list(rows, (row) => judge.decides(row));
}

/** A detector on the benign rows of a file that was made for another. */
function besides(name, rows, kind, judge) {
  const benign = /pii\//.test(name) ? rows : rows.filter(({ label }) => label === 0);
  if (benign.length === 0) return;
  const score = scoreOf(
    benign.map((row) => ({ ...row, label: 0 })),
    SHAPES.argument,
    judge,
  );
  console.log(`  ${kind} on ${name}: ${line(score)}`);
}

function heading(name, rows, kind) {
  const positives = rows.filter(({ label }) => label === 1).length;
  console.log(`\n${name} (${kind}): ${positives} to catch, ${rows.length - positives} to pass`);
  const { before, best } = ANCHORS[name] ?? {};
  const goal = goalOf(name);
  if (before) console.log(`  before             ${before}`);
  if (best) console.log(`  others             ${best}`);
  if (goal) console.log(`  goal               ${goal}`);
}

function scoreOf(rows, wrap, judge) {
  const score = new Score();
  for (const { text, label } of rows) {
    const content = Content.of(wrap(text));
    const found = content.find(judge);
    score.add(label, found.length > 0, content.replace(found, MASK).value === content.value);
  }
  return score;
}

function spansOf(rows, judge) {
  const score = new SpanScore();
  for (const { text, spans } of rows) score.add(spans ?? [], Content.of(text).find(judge));
  const types = score.types.map(([type, covered, all]) => `${type} ${covered}/${all}`);
  console.log(`  spans              precision ${figure(score.precision)} (${score.right} of ${score.found})`);
  for (let at = 0; at < types.length; at += 6)
    console.log(`                     ${types.slice(at, at + 6).join(', ')}`);
  return {
    spans: score.precision,
    ...Object.fromEntries(score.types.map(([type, covered, all]) => [type, covered / all])),
  };
}

/** Of the benign rows as arguments, if there are any; CPU time, for which others on the machine matter little. */
function speed(rows, judge) {
  const benign = rows.filter(({ label }) => label === 0);
  const [sample, about] = benign.length > 0 ? [benign, 'benign rows'] : [rows, 'rows'];
  const walked = perKilobyte(sample, (text) => Content.of({ input: text }).find(judge));
  const alone = perKilobyte(sample, (text) => judge.find(text));
  return `CPU µs per KB of ${about}: ${walked.toFixed(1)}, of which the detector ${alone.toFixed(1)}`;
}

/** The best of some passes, the first of which warms up. */
function perKilobyte(rows, run) {
  const kilobytes = rows.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) / 1024;
  const passes = Math.max(1, Math.round(300 / kilobytes));
  const times = Array.from({ length: 6 }, () => {
    const before = process.cpuUsage();
    for (let pass = 0; pass < passes; pass++) for (const row of rows) run(row.text, row);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / (kilobytes * passes);
  });
  return Math.min(...times.slice(1));
}

/** The first rows that were judged wrongly. */
function list(rows, decides) {
  const wrong = rows.filter((row) => decides(row) !== (row.label === 1));
  for (const { id, label, text } of wrong.slice(0, MISSES)) {
    console.log(`  ${label === 1 ? 'missed ' : 'alarmed'} ${id}: ${JSON.stringify(text.slice(0, 160))}`);
  }
}

/** A pattern is caught when it is refused; one that passes is run on a text that makes others hang. */
function patterns(name, rows) {
  heading(name, rows, 'patterns');
  const [evil, either] = [new Score(), new Score()];
  let slowest = 0;
  for (const { text, label, flags } of rows) {
    const start = performance.now();
    const reason = evilPattern(text, flags ?? '');
    slowest = Math.max(slowest, performance.now() - start);
    evil.add(label, reason !== undefined, true);
    either.add(label, reason !== undefined || !runs(text), true);
  }
  console.log(`  told to be evil    ${line(evil)}`);
  console.log(`  refused at all     ${line(either)} (with those of a syntax that takes more than linear time)`);
  console.log(`  slowest verdict    ${slowest.toFixed(0)} ms`);
  results.push([name, either.figures]);
}

function runs(source) {
  try {
    compilePattern(source);
    return true;
  } catch {
    return false;
  }
}

/** The worst of the shapes. */
function summary() {
  const file = (name) => name.padEnd(42);
  console.log(`\n${file('file')} P     R     F1    FPR   goal`);
  for (const [name, figures] of results) {
    const { P, R, F1, FPR } = figures;
    const goal = goalOf(name);
    const missed = goals(name).filter(
      ([key, sign, value]) => !(sign === '≥' ? figures[key] >= value : figures[key] <= value),
    );
    const verdict =
      missed.length === 0 ? 'met' : `missed: ${missed.map(([key]) => `${key} ${figure(figures[key])}`).join(', ')}`;
    console.log(
      `${file(name)} ${[P, R, F1, FPR].map(figure).join(' ')} ${goal ? `${goal}: ${verdict}` : ''}`.trimEnd(),
    );
  }
}

/** Each as [figure, sign, value]. */
function goals(name) {
  const { least = {}, most = {} } = ANCHORS[name] ?? {};
  const signed = (sign) => (pair) => [pair[0], sign, pair[1]];
  return [...Object.entries(least).map(signed('≥')), ...Object.entries(most).map(signed('≤'))];
}

function goalOf(name) {
  return goals(name)
    .map(([key, sign, value]) => `${key} ${sign} ${value}`)
    .join(', ');
}

function line(score) {
  const parts = [
    `P ${figure(score.precision)}`,
    `R ${figure(score.recall)}`,
    `F1 ${figure(score.f1)}`,
    `FPR ${figure(score.fpr)}`,
  ];
  return `${parts.join('  ')}  kept ${score.untouched}/${score.benign}`;
}

function figure(value) {
  return value === undefined ? '  -  ' : value.toFixed(3).replace(/^0/, '').padEnd(5);
}
