import { crc32 } from 'node:zlib';
import { entropy } from './randomness.js';
import { isMasked } from './placeholder.js';
import { token } from './token-rule.js';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The last six characters are the CRC-32 of the thirty before them, in base 62. Others may be of the time before. */
function githubChecksum(secret: string): number {
  if (isMasked(secret) || entropy(secret.slice(4)) < 3) return 0;
  let sum = crc32(secret.slice(4, 34));
  let digits = '';
  for (let at = 0; at < 6; at++, sum = Math.floor(sum / 62)) digits = BASE62[sum % 62]! + digits;
  return secret.endsWith(digits) ? 1 : 0.8;
}

const artifactory = {
  score: (key: string) => {
    if (key.length > 60) return isMasked(key) ? 0 : 0.95;
    const rest = key.slice(3);
    // Capitals alone are an article number, camel case is a name.
    if (!/[a-z]/.test(rest)) return 0;
    return /\d/.test(rest) || (/^(?:AP\d|AKC)/.test(key) && !/[A-Z]/.test(rest)) ? 0.7 : 0;
  },
};

/** Code hosts, package registries, build servers, and what developers use. */
export const DEVELOPER_RULES = [
  token('github_token', 'ghp_ gho_ ghu_ ghs_ ghr_', 'gh[pousr]_[A-Za-z0-9]{36}', { score: githubChecksum }),
  token('github_token', 'github_pat_', 'github_pat_(?:[A-Za-z0-9]{22}_[A-Za-z0-9]{59}|\\w{82})'),
  token('gitlab_token', 'glpat-', 'glpat-[\\w-]{20,300}(?:\\.[0-9a-z]{2}\\.?[0-9a-z]{7,9})?'),
  token(
    'gitlab_token',
    'gldt- glft- glsoat- glrt- glrtr- glwt-',
    'gl(?:dt|ft|soat|rt|rtr|wt)-[\\w-]{20,80}(?:\\.[0-9a-z.]{9,12})?',
  ),
  token('gitlab_token', 'glcbt-', 'glcbt-(?:[0-9a-fA-F]{1,5}_)?[\\w-]{20,50}'),
  token('gitlab_token', 'glimt-', 'glimt-[\\w-]{25}'),
  token('gitlab_token', 'glptt-', 'glptt-[\\w-]{40}'),
  token('gitlab_token', 'glagent-', 'glagent-[\\w-]{50,1024}'),
  token('gitlab_token', 'gloas-', 'gloas-[\\w-]{64}'),
  token('gitlab_token', 'glffct-', 'glffct-[\\w-]{20}'),
  token('gitlab_token', 'gr1348941', 'GR1348941[\\w-]{20,50}'),
  token('gitlab_token', '_gitlab_session=', '_gitlab_session=([0-9a-z]{32})'),
  token('bitbucket_token', 'atbb', 'ATBB[A-Za-z0-9_=.-]{24,40}', { score: (key) => (/\d/.test(key) ? 0.9 : 0) }),
  token('atlassian_token', 'atatt3 atctt3', 'AT[AC]TT3[A-Za-z0-9_=-]{50,400}'),
  token('artifactory_key', 'akc', 'AKC[A-Za-z0-9]{10,90}', artifactory),
  token('artifactory_key', 'ap', 'AP[0-9A-F][A-Za-z0-9]{8,90}', artifactory),
  token('artifactory_key', 'cmvmdgtuo', 'cmVmdGtuO[A-Za-z0-9]{50,70}'),
  token('npm_token', 'npm_', 'npm_[A-Za-z0-9]{36}'),
  token(
    'npm_token',
    '_authtoken',
    '_authToken\\s?=\\s?["\']?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9+/_-]{32,200}={0,2})',
    { inWord: true },
  ),
  token('pypi_token', 'pypi-age', 'pypi-AgE[A-Za-z0-9_-]{50,1000}'),
  token('rubygems_key', 'rubygems_', 'rubygems_[a-f0-9]{48}'),
  token('nuget_key', 'oy2', 'oy2[a-z0-9]{43}'),
  token('crates_io_token', 'cio', 'cio[A-Za-z0-9]{32}', {
    score: (key) => (/\d/.test(key) && /[A-Z]/.test(key) ? 0.9 : 0),
  }),
  token('clojars_token', 'clojars_', 'CLOJARS_[a-z0-9]{60}', { ignoreCase: true }),
  token('packagist_token', 'packagist_', 'packagist_[ou][ru]t_[a-f0-9]{68}'),
  token('docker_hub_token', 'dckr_pat_ dckr_oat_', 'dckr_[po]at_[A-Za-z0-9_-]{27,40}'),
  token('jenkins_password', 'proceed', 'proceed to installation:\\s{1,8}([0-9a-f]{32})', {
    ignoreCase: true,
  }),
  token('jenkins_token', 'crumb', 'Jenkins-Crumb["\']?\\s?[:=]\\s?["\']?([0-9a-f]{32,64})', {
    ignoreCase: true,
    back: 8,
  }),
  token('jenkins_secret', '{aqaaab', '\\{AQAAAB[A-Za-z0-9+/]{20,400}={0,2}(?=\\})', { inWord: true }),
  token('harness_token', 'pat. sat.', '[ps]at\\.[A-Za-z0-9_-]{22}\\.[0-9a-f]{24}\\.[A-Za-z0-9]{20}'),
  token('circleci_token', 'ccipat_ cciprj_', 'CCI(?:PAT|PRJ)_[A-Za-z0-9]{22}_[a-f0-9]{40}'),
  token('buildkite_token', 'bkua_ bkaj_ bkct_', 'bk(?:ua|aj|ct)_[A-Za-z0-9]{40,64}'),
  token(
    'codecov_token',
    'codecov',
    'codecov[\\w .-]{0,20}["\']?\\s?[:=]\\s?["\']?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})',
    { ignoreCase: true },
  ),
  token('codeclimate_token', 'cc_test_reporter_id', 'CC_TEST_REPORTER_ID["\']?\\s?[:=]\\s?["\']?([0-9a-f]{64})', {
    ignoreCase: true,
  }),
  token('octopus_key', 'api-', 'API-[A-Z0-9]{26}', { score: (key) => (/\d/.test(key) ? 0.9 : 0) }),
  token('sonar_token', 'squ_ sqp_ sqa_', 'sq[upa]_[a-f0-9]{40}'),
  token('sonar_token', 'sonar', 'sonar[\\w.-]{0,20}(?:login|token)["\']?\\s?[:=]\\s?["\']?([a-f0-9]{40})', {
    ignoreCase: true,
    inWord: true,
  }),
  token('snyk_token', 'snyk_', 'snyk_(?:uat|sat)\\.[a-f0-9]{8}\\.[A-Za-z0-9_.-]{40,400}'),
  token('sourcegraph_token', 'sgp_', 'sgp_(?:(?:local|[a-fA-F0-9]{16})_)?[a-fA-F0-9]{40}'),
  token('sourcegraph_token', 'slk_', 'slk_[a-f0-9]{64}'),
  token('dependency_track_key', 'odt_', 'odt_(?:[A-Za-z0-9]{8}_)?[A-Za-z0-9]{32}'),
  token('postman_key', 'pmak-', 'PMAK-[a-f0-9]{24}-[a-f0-9]{34}'),
  token('postman_key', 'pmat-', 'PMAT-[A-Z0-9]{26}'),
  token('figma_token', 'figd_ figo_ figu_', 'fig[dou][hr]?_[A-Za-z0-9_-]{40,48}'),
  token('figma_token', 'figdr_ figuh_ figur_ figoh_ figor_', 'fig[dou][hr]_[A-Za-z0-9_-]{40,48}'),
  token('linear_key', 'lin_api_ lin_oauth_', 'lin_(?:api|oauth)_[A-Za-z0-9]{32,64}'),
  token('notion_token', 'ntn_', 'ntn_[0-9]{11}[A-Za-z0-9]{35}'),
  token('notion_token', 'secret_', 'secret_[A-Za-z0-9]{43}'),
  token('airtable_token', 'pat', 'pat[A-Za-z0-9]{14}\\.[a-f0-9]{64}'),
  token('readme_key', 'rdme_', 'rdme_[a-z0-9]{70}'),
  token('contentful_token', 'cfpat-', 'CFPAT-[A-Za-z0-9_-]{43}'),
  token('typeform_token', 'tfp_', 'tfp_[A-Za-z0-9_.=-]{40,80}'),
  token('frameio_token', 'fio-u-', 'fio-u-[A-Za-z0-9_=-]{64}'),
  token('launchdarkly_key', 'sdk- api- mob-', '(?:sdk|api|mob)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'),
  token('posthog_key', 'phc_ phx_ phs_', 'ph[cxs]_[A-Za-z0-9]{40,50}'),
  token('wakatime_key', 'waka_', 'waka_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'),
  token('apify_token', 'apify_api_', 'apify_api_[A-Za-z0-9]{36}'),
  token('stackhawk_key', 'hawk.', 'hawk\\.[A-Za-z0-9_-]{20}\\.[A-Za-z0-9_-]{20}'),
  token('localstack_token', 'ls-', 'ls-[A-Za-z]{4}[A-Za-z0-9-]{28,40}', { score: (key) => (/\d/.test(key) ? 0.7 : 0) }),
  token('endor_key', 'endr+', 'endr\\+[A-Za-z0-9-]{16}'),
  token('freemius_key', 'sk_', 'sk_[A-Za-z0-9!@#$%^&*?\\-_]{29}(?=["\'\\s]|$)', {
    score: (key) => (/[^\w-]/.test(key) ? 0.7 : 0),
  }),
];
