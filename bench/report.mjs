import { faultsOf } from './measure.mjs';

/**
 * @typedef {object} Line the figures of one row in one case, each the median over the repetitions
 */

const MEASURED = ['perSecond', 'p50', 'p99', 'p999', 'cpuMicrosecondsPerCall', 'residentMebibytes'];

/** Column → how to write it. */
const COLUMNS = {
  row: ({ row }) => row,
  'calls/s': ({ median }) => thousands(median.perSecond),
  spread: ({ spread }) => `${thousands(spread.perSecond[0])}–${thousands(spread.perSecond[1])}`,
  'p50 ms': ({ median }) => median.p50.toFixed(2),
  'p99 ms': ({ median }) => median.p99.toFixed(2),
  'p99.9 ms': ({ median }) => median.p999.toFixed(1),
  'CPU µs': ({ median }) => median.cpuMicrosecondsPerCall.toFixed(1),
  'RSS MiB': ({ median }) => median.residentMebibytes.toFixed(0),
  '× bare': ({ ratio }) => ratio.bare?.toFixed(2) ?? '',
  '× direct': ({ ratio }) => ratio.direct?.toFixed(2) ?? '',
  'CPU × bare': ({ ratio }) => ratio.cpuToBare?.toFixed(2) ?? '',
  bytes: ({ answerBytes }) => String(answerBytes),
  'SQL/call': ({ statementsPerCall }) => statementsPerCall?.toFixed(4) ?? '',
  faults: ({ faults }) => String(faults),
};

/**
 * @param {Map<string, object[]>} resultsOfRow row name → its results, one a repetition, in the order they were measured
 * @returns {Line[]}
 */
export function linesOf(resultsOfRow) {
  return [...resultsOfRow].map(([row, results]) => {
    const each = (field) => results.map((result) => result[field]);
    const statements = each('statementsPerCall').filter((value) => value !== undefined);
    return {
      row,
      median: Object.fromEntries(MEASURED.map((field) => [field, median(each(field))])),
      spread: Object.fromEntries(
        MEASURED.map((field) => [field, [Math.min(...each(field)), Math.max(...each(field))]]),
      ),
      ratio: {
        bare: ratio('perSecond', results, resultsOfRow.get('bare')),
        direct: ratio('perSecond', results, resultsOfRow.get('direct')),
        cpuToBare: ratio('cpuMicrosecondsPerCall', results, resultsOfRow.get('bare')),
      },
      answerBytes: results[0].answerBytes,
      statementsPerCall: statements.length > 0 ? median(statements) : undefined,
      faults: results.reduce((sum, result) => sum + faultsOf(result), 0),
    };
  });
}

/** @param {Line[]} lines */
export function tableOf(lines) {
  const cells = [Object.keys(COLUMNS), ...lines.map((line) => Object.values(COLUMNS).map((write) => write(line)))];
  const shown = cells[0].map((_, column) => cells.slice(1).some((row) => row[column] !== ''));
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
        .filter((_, column) => shown[column])
        .join('  '),
    )
    .join('\n');
}

/** A figure against that of the other row in the same repetition, so that a drift touches both; the median. */
function ratio(field, results, others) {
  return others && median(results.map((result, repetition) => result[field] / others[repetition][field]));
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function thousands(value) {
  return Math.round(value).toLocaleString('en-US');
}
