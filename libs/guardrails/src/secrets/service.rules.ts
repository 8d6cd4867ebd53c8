import { entropy, looksRandom } from './randomness.js';
import { isMasked } from './placeholder.js';
import { token } from './token-rule.js';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** The first letters of the base64 of three digits. */
const IDS_IN_BASE64 = ['MD', 'MT', 'Mj', 'Mz', 'ND', 'NT', 'Nj', 'Nz', 'OD', 'OT']
  .flatMap((two) => 'AEIMQUYcgk'.split('').map((third) => two + third))
  .join(' ');
const letteredAndNumbered = {
  score: (key: string) => (/\d/.test(key) && /[a-z]/i.test(key) && !isMasked(key) && entropy(key) >= 3 ? 0.9 : 0),
};

/** Messages, mail, payment, shops, monitoring, and other services. */
export const SERVICE_RULES = [
  // Chat and telephony
  token(
    'slack_token',
    'xoxb- xoxp- xoxa- xoxo- xoxr- xoxs- xoxc-',
    'xox[bpaorsc]-(?:\\d{1,14}-){1,4}[A-Za-z0-9]{16,64}',
    { score: (key) => (/[A-Za-z]\d|\d[A-Za-z]/.test(key) && !isMasked(key) ? 0.95 : 0) },
  ),
  token('slack_token', 'xoxb- xoxp- xoxa- xoxq- xoxr-', 'xox[bpaqr]-[0-9A-Za-z]{24,80}', letteredAndNumbered),
  token('slack_token', 'xoxd-', 'xoxd-[A-Za-z0-9%+/=_-]{40,400}'),
  token('slack_token', 'xoxe', 'xoxe(?:\\.xox[bp])?-\\d-[A-Za-z0-9]{60,250}'),
  token('slack_token', 'xapp-', 'xapp-\\d-[A-Z0-9]{8,14}-\\d{8,16}-[a-z0-9]{20,80}'),
  token(
    'slack_webhook',
    'hooks.slack.com',
    'hooks\\.slack\\.com/(?:services|workflows|triggers)/([A-Za-z0-9+/]{30,80})',
    {
      score: (path) => (isMasked(path) || /^T0{6}/.test(path) ? 0 : 0.95),
    },
  ),
  token('discord_token', IDS_IN_BASE64, '[MNO][A-Za-z\\d_-]{23,25}\\.[\\w-]{6}\\.[\\w-]{27,38}', letteredAndNumbered),
  token('discord_webhook', '/api/webhooks/', '/api/webhooks/([0-9]{17,20}/[A-Za-z0-9_-]{60,80})', { inWord: true }),
  token('telegram_token', ':aa', '(?<!\\d)\\d{8,10}:AA[A-Za-z0-9_-]{32,33}', { back: 10, inWord: true }),
  token(
    'teams_webhook',
    'webhook',
    'webhook(?:b2)?/([0-9a-f-]{36}(?:@|%40|%2540)[0-9a-f-]{36}/IncomingWebhook/[0-9a-z]{32}/[0-9a-f-]{36})',
    { ignoreCase: true },
  ),
  token(
    'google_chat_webhook',
    'chat.googleapis.com',
    'chat\\.googleapis\\.com/v1/spaces/[A-Za-z0-9_-]{6,20}/messages\\?([A-Za-z0-9_=&%-]{40,200})',
  ),
  token('zapier_webhook', 'hooks.zapier.com', 'hooks\\.zapier\\.com/hooks/catch/([A-Za-z0-9]{4,12}/[A-Za-z0-9]{4,12})'),
  token('twilio_key', 'sk', 'SK[a-z0-9]{32}', letteredAndNumbered),
  token('mattermost_webhook', '/hooks/', '/hooks/([a-z0-9]{26})', { inWord: true, ...letteredAndNumbered }),
  // Mail
  token('sendgrid_key', 'sg.', 'SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{16,64}'),
  token('mailgun_key', 'key-', 'key-[0-9a-f]{32}'),
  token('mailchimp_key', '-us', '[0-9a-f]{32}-us\\d{1,2}', { back: 32 }),
  token('mailersend_key', 'mlsn.', 'mlsn\\.[a-f0-9]{64}'),
  token('brevo_key', 'xkeysib- xsmtpsib-', 'x(?:key|smtp)sib-[a-f0-9]{64}-[A-Za-z0-9]{16}'),
  token('resend_key', 're_', 're_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}'),
  token('mandrill_key', 'md-', 'md-[A-Za-z0-9_-]{22}(?!-)', {
    score: (key) => (looksRandom(key.slice(3), 22) ? 0.8 : 0),
  }),
  token('mandrill_key', 'mandrill', 'mandrill[\\w .-]{0,20}["\']?\\s?[:=]\\s?["\']?([A-Za-z0-9_-]{22})', {
    ignoreCase: true,
    ...letteredAndNumbered,
  }),
  token('sparkpost_key', 'sparkpost', 'sparkpost[\\w .-]{0,20}["\']?\\s?[:=]\\s?["\']?([0-9a-f]{40})', {
    ignoreCase: true,
  }),
  // Payment
  token(
    'stripe_key',
    'sk_live_ sk_test_ rk_live_ rk_test_ sk_prod_ rk_prod_',
    '[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,247}',
  ),
  token('stripe_webhook_secret', 'whsec_', 'whsec_[A-Za-z0-9+/=]{24,80}'),
  token('square_token', 'sq0atp- sq0csp- sq0idp-', 'sq0(?:atp-[\\w-]{22}|csp-[\\w-]{43}|idp-[\\w-]{22})'),
  token('square_token', 'eaaa', 'EAAA[A-Za-z0-9_-]{60}'),
  token('braintree_token', 'access_token$', 'access_token\\$(?:production|sandbox)\\$[0-9a-z]{16}\\$[0-9a-f]{32}'),
  token('plaid_token', 'access-', 'access-(?:sandbox|development|production)-' + UUID),
  token('razorpay_key', 'rzp_', 'rzp_(?:live|test)_[A-Za-z0-9]{14,24}'),
  token('flutterwave_key', 'flwseck', 'FLWSECK(?:_TEST)?-[A-Za-z0-9]{12,32}-X'),
  token('adyen_key', 'aqe', 'AQE[A-Za-z0-9]{4,10}[A-Za-z0-9+/=.-]{80,300}'),
  token('lob_key', 'live_ test_', '(?:live|test)_(?:pub_)?[a-f0-9]{35}'),
  token('shippo_token', 'shippo_', 'shippo_(?:live|test)_[a-f0-9]{40}'),
  token('easypost_key', 'ezak eztk', 'EZ[AT]K[A-Za-z0-9]{54}'),
  token('duffel_token', 'duffel_', 'duffel_(?:test|live)_[\\w=-]{43}'),
  token('gocardless_token', 'live_', 'live_[A-Za-z0-9_=-]{40}', letteredAndNumbered),
  token('coinbase_key', 'organizations/', 'organizations/([0-9a-f-]{36}/apiKeys/[0-9a-f-]{36})'),
  token('wepay_token', 'stage_ production_', '(?:stage|production)_[a-zA-Z0-9_]{62}'),
  // Shops and customers
  token('shopify_token', 'shpat_ shpca_ shppa_ shpss_ shptka_ shpua_', 'shp(?:at|ca|pa|ss|tka|ua)_[a-fA-F0-9]{32}'),
  token('hubspot_token', 'pat-', 'pat-[a-z]{2}\\d-' + UUID, { ignoreCase: true }),
  token('salesforce_token', '00d', '00D[A-Za-z0-9]{12,15}!(?:AQ|AR)[A-Za-z0-9._]{40,140}'),
  token('salesforce_key', '3mvg9', '3MVG9[0-9a-zA-Z._+/=]{80,251}'),
  token('intercom_token', 'dg9ro', 'dG9rO[A-Za-z0-9+/]{50,60}={0,2}'),
  token('zoho_token', '1000.', '1000\\.[a-f0-9]{32}\\.[a-f0-9]{32}'),
  token('facebook_token', 'eaa', 'EAA[A-Za-z0-9]{60,400}', letteredAndNumbered),
  token('facebook_token', '0| 1| 2| 3| 4| 5| 6| 7| 8| 9|', '\\d{15,16}\\|[A-Za-z0-9_-]{27,40}', {
    back: 15,
    ...letteredAndNumbered,
  }),
  token('instagram_token', 'igq', 'IGQ[A-Za-z0-9_-]{80,300}'),
  token('twitter_bearer_token', 'aaaaaaaaaaaaaaaaaaaa', 'A{20,26}[A-Za-z0-9%]{60,120}', letteredAndNumbered),
  token('linkedin_token', 'wpl_ap', 'WPL_AP\\d\\.[A-Za-z0-9]{14,18}\\.[A-Za-z0-9+/=]{4,12}'),
  token('twitch_stream_key', 'live_', 'live_\\d{7,10}_[A-Za-z0-9]{30}'),
  token('dropbox_token', 'sl.', 'sl\\.(?:u\\.)?[A-Za-z0-9_-]{120,1400}'),
  // Monitoring
  token('newrelic_key', 'nrak-', 'NRAK-[A-Z0-9]{27}', { ignoreCase: true }),
  token(
    'newrelic_key',
    'nraa- nrra- nrbr- nrjs- nria-',
    'NR(?:AA-[a-f0-9]{27}|RA-[a-f0-9]{42}|BR-[a-f0-9]{19}|JS-[a-f0-9]{19}|IA-[A-Za-z0-9]{27,40})',
    { ignoreCase: true },
  ),
  token('newrelic_key', 'nrii- nriq-', 'NRI[IQ]-[A-Za-z0-9_-]{32}'),
  token('newrelic_license_key', 'nral', '[0-9a-z]{36}NRAL', { back: 36, score: () => 0.9 }),
  token('pixie_key', 'px-api- px-dep-', 'px-(?:api|dep)-' + UUID),
  token('sentry_token', 'sntrys_', 'sntrys_eyJ[A-Za-z0-9+/=_-]{50,400}'),
  token('sentry_token', 'sntryu_ sntrya_', 'sntry[ua]_[a-f0-9]{64}'),
  token('sentry_dsn', '@o', '([0-9a-f]{32})(?=@o\\d{1,12}\\.ingest)', { back: 32 }),
  token('datadog_key', 'ddpat_ ddapp_', 'dd(?:pat|app)_[A-Za-z0-9]{32,64}'),
  token('dynatrace_token', 'dt0', 'dt0[a-z]\\d{2}\\.[A-Z0-9]{24}\\.[A-Z0-9]{64}'),
  token('grafana_token', 'glsa_', 'glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}'),
  token('grafana_token', 'glc_', 'glc_[A-Za-z0-9+/]{32,400}={0,2}'),
  token('grafana_token', 'eyjrijoi', 'eyJrIjoi[A-Za-z0-9+/_-]{50,400}={0,2}'),
  token('honeycomb_key', 'hcaik_ hcamk_ hcxik_', 'hc[abx][im]k_[a-z0-9]{58}'),
  token('axiom_token', 'xaat- xapt-', 'xa[ap]t-' + UUID),
  token('sumologic_access_id', 'su', 'su[A-Za-z0-9]{12}(?=["\'\\s])', {
    score: (key) => (/\d\D+\d/.test(key) && /[A-Z]/.test(key) ? 0.6 : 0),
  }),
  token('logzio_token', 'logzio', 'logz\\.?io[\\w .-]{0,20}["\']?\\s?[:=]\\s?["\']?([A-Za-z]{32})', {
    ignoreCase: true,
  }),
  // Everything else
  token('riot_key', 'rgapi-', 'RGAPI-' + UUID, { ignoreCase: true }),
  token('databento_key', 'db-', 'db-[A-Za-z0-9]{29}', letteredAndNumbered),
  token('openweather_key', 'appid=', 'appid=([0-9a-f]{32})'),
  token('adafruit_key', 'aio_', 'aio_[A-Za-z0-9]{28}'),
  token('adobe_secret', 'p8e-', 'p8e-[A-Za-z0-9]{32}'),
  token('mapbox_token', 'sk.eyj tk.eyj pk.eyj', '[spt]k\\.eyJ[A-Za-z0-9_-]{20,200}\\.[A-Za-z0-9_-]{20,30}'),
  token('okta_token', 'okta', 'okta[\\w.-]{0,20}["\']?\\s{0,3}[:=]\\s{0,3}["\']?(00[A-Za-z0-9_-]{39}[A-Za-z0-9_])', {
    ignoreCase: true,
    inWord: true,
    score: (key) => (/^0{8}/.test(key) ? 0 : 0.9),
  }),
  token('trello_token', 'atta', 'ATTA[a-f0-9]{72}'),
  token('intra42_secret', 's-s4t2', 's-s4t2(?:ud|af)-[a-f0-9]{64}'),
  token('settlemint_token', 'sm_pat_ sm_aat_ sm_sat_', 'sm_[pas]at_[A-Za-z0-9]{16}'),
  token('beamer_token', 'b_', 'b_[A-Za-z0-9=_-]{44}', { score: (key) => (looksRandom(key.slice(2), 44) ? 0.8 : 0) }),
  token('defined_networking_key', 'dnkey-', 'dnkey-[a-z0-9=_-]{26}-[a-z0-9=_-]{52}'),
  token('voiceflow_key', 'vf.', 'VF\\.(?:DM|WS)\\.[A-Fa-f0-9]{24}\\.[A-Za-z0-9]{16}'),
  token('ubidots_token', 'bbff- bbus-', 'BB(?:FF|US)-[A-Za-z0-9]{30,36}'),
  token(
    'thingsboard_token',
    'provisiondevicesecret',
    'provisionDeviceSecret["\'\\\\]{0,3}\\s?[:=]\\s?["\'\\\\]{0,3}([a-z0-9]{20})',
    { ignoreCase: true },
  ),
  token('kagi_session', 'kagi.com', 'kagi\\.com/search\\?token=([A-Za-z0-9_-]{8,20}\\.[A-Za-z0-9_-]{40,60})'),
  token('logfire_token', 'pylf_v1_', 'pylf_v1_[a-z]{2}_[A-Za-z0-9]{40,60}'),
  token('cal_com_key', 'cal_live_', 'cal_live_[a-z0-9]{32}'),
  token('lichess_token', 'lip_ lio_', 'li[po]_[A-Za-z0-9]{20,24}', letteredAndNumbered),
  token('onesignal_key', 'os_v2_', 'os_v2_(?:app|org)_[a-z2-7]{90,120}'),
  token('unkey_key', 'unkey_', 'unkey_[A-Za-z0-9]{20,30}'),
  token('zuplo_key', 'zpka_', 'zpka_[a-z0-9]{32}_[a-f0-9]{8}'),
  token('clearbit_key', 'sk_', 'sk_[a-f0-9]{32}'),
  token('storyblok_token', 'sbpat', 'sbpat-[A-Za-z0-9-]{40,60}'),
  token('tableau_token', '==:', '[A-Za-z0-9+/]{22}==:[A-Za-z0-9]{32}', { back: 22 }),
  token('thunderstore_token', 'tss_', 'tss_[A-Za-z0-9]{38,44}'),
  token('samsara_token', 'samsara_api_', 'samsara_api_[A-Za-z0-9]{30}'),
  token('bitly_key', 'r_', 'R_[0-9a-f]{32}'),
  token('blynk_secret', 'oa2-client-id_', 'oa2-client-id_[A-Za-z0-9_-]{32}:([A-Za-z0-9_-]{40})'),
];
