import { mediaType, problems } from '../wire.ts';
import type { schemas } from './schemas.ts';

/** An OpenAPI 3.1 document: JSON, so that it can be written, compared and read by any tool. */
export type OpenApiDocument = {
  openapi: string;
  jsonSchemaDialect: string;
  info: { title: string; version: string; description: string };
  servers: { url: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
};
export type Operation = {
  operationId: string;
  summary: string;
  description: string;
  parameters?: object[];
  requestBody?: object;
  responses: Record<string, { description: string; headers?: object; content: Record<string, { schema: object }> }>;
};
export type ProblemName = keyof typeof problems;

export type Paths = OpenApiDocument['paths'];

export function schemaRef(name: keyof typeof schemas): { $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}

export function problem(description: string, ...names: ProblemName[]) {
  const types = names.map((name) => `\`${problems[name].type}\``).join(', ');
  return { description: `${description} Type: ${types}.`, content: { [mediaType.problem]: { schema: schemaRef('Problem') } } };
}

export function json(description: string, name: keyof typeof schemas) {
  return { description, content: { [mediaType.json]: { schema: schemaRef(name) } } };
}

export const retryAfter = {
  'Retry-After': { description: 'Seconds (RFC 9110, 10.2.3).', required: true, schema: { type: 'string', pattern: '^[1-9][0-9]*$' } },
};
export const ourMistake = problem(
  'Our mistake. Nothing of this request was kept unless a receipt says so: send it again later.',
  'ourMistake',
);
export const unavailable = problem('The database does not answer. Send it again later.', 'unavailable');
export const encoding = problem('A content coding; send the bytes as they are.', 'mediaType');
/** What the three operations around sign-in refuse, each before anything is done. */
export const refusals = {
  400: problem('Not JSON, not as the schema says, or not HTTP.', 'badRequest'),
  401: problem('No client certificate, or none that was issued here.', 'noCertificate'),
  403: problem('A held terminal, or the name of another.', 'heldTerminal', 'unknownTerminal'),
  413: problem('Above 32 KiB.', 'tooLarge'),
  415: problem('Not JSON by its media type, or a content coding.', 'mediaType'),
  429: { ...problem('Too much at once from one terminal.', 'tooMany'), headers: retryAfter },
  500: ourMistake,
  503: unavailable,
};
export const referenceParameter = { name: 'reference', in: 'path', required: true, description: 'From the ticket.' };
export const html = { 'text/html': { schema: { type: 'string' } } };
