export { type Route, routesOf } from '../http/routes.js';
