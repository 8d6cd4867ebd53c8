import { describe, expect, it } from 'vitest';
import { variablesFrom } from './variables.js';

describe(variablesFrom, () => {
  it.each([
    'PATH',
    'LD_PRELOAD',
    'ld_preload',
    'DYLD_INSERT_LIBRARIES',
    'GCONV_PATH',
    'OPENSSL_CONF',
    'BASH_ENV',
    'NODE_OPTIONS',
    'NODE_REPL_EXTERNAL_MODULE',
    'npm_config_registry',
    'PIP_INDEX_URL',
    'UV_INDEX_URL',
    'PYTHONPATH',
    'PYTHONSTARTUP',
    'PERL5LIB',
    'PERL5OPT',
    'RUBYOPT',
    'GIT_SSH_COMMAND',
    '_JAVA_OPTIONS',
    'DOTNET_STARTUP_HOOKS',
  ])('should refuse %s, which decides which code runs', (name) => {
    const detail = [expect.objectContaining({ msg: `env: ${name} decides which code runs, and can't be set` })];
    expect(() => variablesFrom({ [name]: 'x' })).toThrow(expect.objectContaining({ detail }));
  });

  it.each([
    'GITHUB_TOKEN',
    'GITHUB_PERSONAL_ACCESS_TOKEN',
    'GITLAB_API_URL',
    'LDAP_URL',
    'PERPLEXITY_API_KEY',
    'NODE_ENV',
    'MY_PATH',
  ])('should take %s', (name) => {
    expect(variablesFrom({ [name]: 'x' })).toEqual({ type: 'env', variables: { [name]: 'x' } });
  });
});
