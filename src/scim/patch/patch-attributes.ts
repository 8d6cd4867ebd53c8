/** The attributes that a client may write, each with those within it; in their own spelling. */
export type PatchAttributes = Readonly<Record<string, readonly string[]>>;

export const USER_ATTRIBUTES: PatchAttributes = {
  userName: [],
  externalId: [],
  displayName: [],
  active: [],
  name: ['formatted', 'givenName', 'familyName'],
};

export const GROUP_ATTRIBUTES: PatchAttributes = { displayName: [], externalId: [], members: ['value'] };

/** In their own spelling, whatever the case in which they are given (RFC 7643 section 2.1). */
export const spelled = (names: readonly string[], given: string): string | undefined =>
  names.find((name) => name.toLowerCase() === given.toLowerCase());
