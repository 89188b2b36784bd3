/** The HTTP client as a module of our own, so that it can be imported late: bundled, undici's names would be gone. */
export { Agent, request } from 'undici';
