// `npm test`: format, lint, types, build, and every test. Arguments go to vitest: `npm test -- --project unit`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install, ROOT, runTogether } from './prepare.mjs';

const bin = (name, file) => join('node_modules', name, ...file.split('/'));

install();
await runTogether([
  [join('scripts', 'build.mjs')],
  [bin('typescript', 'bin/tsc'), '--noEmit', '-p', 'tsconfig.json'],
  [bin('prettier', 'bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
  [bin('oxlint', 'bin/oxlint'), '--type-aware', '--deny-warnings'],
]);

const folder = mkdtempSync(join(tmpdir(), 'portcullis-test-'));
const report = join(folder, 'report.json');
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const { status } = spawnSync(
  process.execPath,
  [bin('vitest', 'vitest.mjs'), 'run', ...reporters, ...process.argv.slice(2)],
  {
    cwd: ROOT,
    stdio: 'inherit',
  },
);
const { numPassedTests, numFailedTests, numFailedTestSuites, numPendingTests } = JSON.parse(
  readFileSync(report, 'utf8'),
);
rmSync(folder, { recursive: true });
// A suite whose set-up fails has no failed test, only skipped ones.
const failed = numFailedTests > 0 ? numFailedTests : numFailedTestSuites;
console.log(`${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped`);
process.exit(failed > 0 ? 1 : (status ?? 1));
