import type { BufferedAnswer } from '#libs/egress';
import { readSmallFile } from '../read-small-file.js';
import type { StoreClient } from '../store-client.js';
import { StoreError } from '../store-error.js';
import type { AwsSettings } from './aws.settings.js';

export interface AwsIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** After it the SDK asks for others. */
  readonly expiration?: Date;
}

const MEMBERS = ['AccessKeyId', 'SecretAccessKey', 'SessionToken', 'Expiration'] as const;
const SUBJECT = 'AWS_ROLE_ARN';

/** Credentials that the settings give, or those of a role that is taken with a token from a file (AssumeRoleWithWebIdentity). */
export class AwsCredentials {
  constructor(
    private readonly http: StoreClient,
    private readonly settings: AwsSettings,
  ) {}

  /** @throws StoreError `misconfigured` where the settings give neither */
  async get(): Promise<AwsIdentity> {
    const { accessKeyId, secretAccessKey, sessionToken, roleArn, tokenFile } = this.settings;
    if (accessKeyId !== undefined && secretAccessKey)
      return {
        accessKeyId,
        secretAccessKey: secretAccessKey.reveal(),
        ...(sessionToken && { sessionToken: sessionToken.reveal() }),
      };
    if (roleArn !== undefined && tokenFile !== undefined) return this.#assumed(roleArn, tokenFile);
    const text =
      'AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, or AWS_ROLE_ARN with AWS_WEB_IDENTITY_TOKEN_FILE, is required: the metadata address is never asked';
    throw new StoreError('misconfigured', text);
  }

  async #assumed(roleArn: string, tokenFile: string): Promise<AwsIdentity> {
    const { region, stsUrl, sessionName } = this.settings;
    const body = new URLSearchParams({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: roleArn,
      RoleSessionName: sessionName,
      WebIdentityToken: await readSmallFile(tokenFile, 'AWS_WEB_IDENTITY_TOKEN_FILE'),
    });
    const answer = await this.http.send({
      url: new URL(stsUrl ?? `https://sts.${region}.amazonaws.com/`),
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: body.toString(),
      subject: SUBJECT,
    });
    const fault = this.http.fault(answer.status, SUBJECT);
    if (fault) throw fault;
    return this.#identityIn(answer);
  }

  async #identityIn({ body }: BufferedAnswer): Promise<AwsIdentity> {
    // STS speaks XML; who has no role to take need not wait for a parser to load.
    const { JSDOM } = await import('jsdom');
    const parsed = documentIn(() => new JSDOM(body.toString('utf8'), { contentType: 'text/xml' }).window.document);
    const [accessKeyId, secretAccessKey, sessionToken, expires] = MEMBERS.map(
      (name) => parsed?.querySelector(`AssumeRoleWithWebIdentityResult > Credentials > ${name}`)?.textContent,
    );
    const expiration = new Date(expires ?? '');
    if (!accessKeyId || !secretAccessKey || !sessionToken || Number.isNaN(expiration.getTime()))
      throw this.http.unreadable();
    return { accessKeyId, secretAccessKey, sessionToken, expiration };
  }
}

function documentIn<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
