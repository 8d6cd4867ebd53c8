const KUBERNETES = /^system:serviceaccount:[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?:[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/;
/** SPIFFE-ID section 2: the trust domain, then segments that are neither empty nor dots. */
const SPIFFE = /^spiffe:\/\/([a-z0-9._-]{1,255})((?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+)*)$/;
const LONGEST = 2048;

/** The trust domain of a SPIFFE ID; undefined for what is none. */
export const trustDomainOf = (subject: string): string | undefined =>
  subject.length <= LONGEST ? SPIFFE.exec(subject)?.[1] : undefined;

/** Whether a text is the `sub` of a service account of Kubernetes. */
export const isServiceAccount = (subject: string): boolean => subject.length <= LONGEST && KUBERNETES.test(subject);

/**
 * The subjects of workloads that an operator means: one, or with `*` for whole segments, all that differ there. There is no
 * star for a part of a segment or for several, because `prod*` would mean the namespace `prod-of-somebody-else` too.
 */
export class SubjectPattern {
  readonly #segments: readonly string[];

  /** @throws Error that says the rule */
  constructor(readonly text: string) {
    const named = text.replaceAll(/(?<=[:/])\*(?=$|[:/])/g, 'x');
    if (named.includes('*') || !(isServiceAccount(named) || trustDomainOf(named) !== undefined) || !isFixed(text))
      throw new Error(
        'must be system:serviceaccount:<namespace>:<name> or spiffe://<trust domain>/<path>, where * stands for one whole segment',
      );
    this.#segments = segmentsOf(text);
  }

  /** The trust domain of the SPIFFE IDs that it means; undefined for service accounts of Kubernetes. */
  get trustDomain(): string | undefined {
    return this.text.startsWith('spiffe://') ? this.#segments[2] : undefined;
  }

  /** @param subject that is one of these kinds */
  matches(subject: string): boolean {
    const segments = segmentsOf(subject);
    return (
      segments.length === this.#segments.length &&
      this.#segments.every((segment, at) => segment === '*' || segment === segments[at])
    );
  }
}

/** Neither the namespace of a cluster nor a trust domain is left open. */
const isFixed = (text: string): boolean => !/^(spiffe:\/\/|system:serviceaccount:)\*/.test(text);

const segmentsOf = (text: string): string[] => text.split(text.startsWith('spiffe://') ? '/' : ':');
