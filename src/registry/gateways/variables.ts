import { fieldFault } from '../rows/field-fault.js';
import { type Credential, MASK, NO_CREDENTIAL } from './credential.js';

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
/** What says which code a program loads, or where the gateway has put it: an allowed command must stay what it is. */
const LOADERS = new RegExp(
  `^(${[
    'PATH|HOME|IFS|ENV|BASH_ENV|SHELLOPTS|PS4',
    '(LD|DYLD)_.*|GCONV_PATH|OPENSSL_(CONF|MODULES|ENGINES)',
    'NODE_(OPTIONS|PATH|REPL_EXTERNAL_MODULE)|npm_config_.*',
    'PYTHON.*|(PIP|UV)_.*|PERL5.*|PERLLIB|RUBY.*|LUA_(INIT|PATH|CPATH).*|PHPRC|PHP_INI_SCAN_DIR',
    'JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|_JAVA_OPTIONS|CLASSPATH|DOTNET_STARTUP_HOOKS|(COR|CORECLR)_.*',
    'GIT_.*',
  ].join('|')})$`,
  'i',
);

/**
 * The environment variables that a body asks for, as the credential that they are.
 * @param before what is stored, when that may be kept
 * @throws GatewayError `validation_failed` naming the variable
 */
export function variablesFrom(env: Readonly<Record<string, string>>, before: Credential = NO_CREDENTIAL): Credential {
  const known = before.type === 'env' ? before.variables : {};
  const entries = Object.entries(env).map(([name, value]) => [name, variable(name, value, known[name])] as const);
  return entries.length === 0 ? NO_CREDENTIAL : { type: 'env', variables: Object.fromEntries(entries) };
}

function variable(name: string, value: string, before: string | undefined): string {
  if (!NAME.test(name)) throw fieldFault('env', 'env: a name is letters, digits and _, and begins with no digit');
  if (LOADERS.test(name)) throw fieldFault('env', `env: ${name} decides which code runs, and can't be set`);
  if (value !== MASK) return value;
  if (before === undefined) throw fieldFault('env', `env: ${name} is a mask: give its value`, 'missing');
  return before;
}
