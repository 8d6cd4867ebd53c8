/** The form of an address, of an account as of a message: no blanks, quotes, brackets or commas, so it is one address and no header. */
export const MAIL_ADDRESS = /^[a-zA-Z0-9._%+-]{1,64}@[a-zA-Z0-9.-]{1,189}\.[a-zA-Z]{2,}$/;
