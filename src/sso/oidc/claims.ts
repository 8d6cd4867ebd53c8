/** The members of an ID token, or of what the userinfo endpoint says. */
export type Claims = Readonly<Record<string, unknown>>;
