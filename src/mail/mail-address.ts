export { MAIL_ADDRESS } from '#libs/fields';
