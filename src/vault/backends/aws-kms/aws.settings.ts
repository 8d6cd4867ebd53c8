import { optional, secret, text } from '../../../config/setting.js';
import { settings } from '../../../config/settings.js';
import { STORE_URL } from '../store-url.js';

export class AwsSettings extends settings(
  'AWS',
  {
    region: optional('AWS_REGION', 'The region of keys and secrets.', {
      aliases: ['AWS_DEFAULT_REGION'],
      pattern: /^[a-z]{2,}(-[a-z]+)+-\d$/,
      rule: 'must be the name of a region, such as eu-central-1',
    }),
    accessKeyId: optional('AWS_ACCESS_KEY_ID', 'Credentials that are given, with AWS_SECRET_ACCESS_KEY.'),
    secretAccessKey: secret('AWS_SECRET_ACCESS_KEY', 'See AWS_ACCESS_KEY_ID.'),
    sessionToken: secret('AWS_SESSION_TOKEN', 'Of temporary credentials that are given.'),
    roleArn: optional('AWS_ROLE_ARN', 'The role to take with AWS_WEB_IDENTITY_TOKEN_FILE.', {
      pattern: /^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/,
      rule: 'must be the ARN of a role',
    }),
    tokenFile: optional(
      'AWS_WEB_IDENTITY_TOKEN_FILE',
      'The file with a token that the role trusts, such as that of a Kubernetes service account (IRSA); read anew each time.',
    ),
    sessionName: text('AWS_ROLE_SESSION_NAME', 'portcullis', 'What sessions of the role are called.', {
      pattern: /^[\w+=,.@-]{2,64}$/,
    }),
    kmsKey: optional(
      'AWS_KMS_KEY_ID',
      'The ARN or id of the symmetric key that wraps data keys, with KEY_BACKEND=aws-kms; no alias, which could lead elsewhere tomorrow.',
      { pattern: /^(arn:[\w:-]+:key\/)?(mrk-)?[\w-]{8,}$/, rule: 'must be the ARN or id of a key, not an alias' },
    ),
    kmsUrl: optional('AWS_ENDPOINT_URL_KMS', 'Where KMS is, when not where AWS has it.', STORE_URL),
    secretsUrl: optional('AWS_ENDPOINT_URL_SECRETS_MANAGER', 'The same of Secrets Manager.', STORE_URL),
    stsUrl: optional('AWS_ENDPOINT_URL_STS', 'The same of STS, which is asked for the role.', STORE_URL),
  },
  ({ accessKeyId, secretAccessKey, roleArn, tokenFile }) => [
    ...(Boolean(accessKeyId) === Boolean(secretAccessKey)
      ? []
      : ['AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY go together']),
    ...(Boolean(roleArn) === Boolean(tokenFile) ? [] : ['AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE go together']),
  ],
) {}
