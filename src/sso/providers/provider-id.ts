/** What a provider may be called; `local` is for accounts with a password. */
export const PROVIDER_ID = /^(?!local$)[a-z][a-z0-9_-]{1,49}$/;
