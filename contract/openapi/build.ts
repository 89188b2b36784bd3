import * as z from 'zod';
import { attachmentPaths } from './attachments.ts';
import { filePaths } from './file.ts';
import type { OpenApiDocument } from './operation.ts';
import { profilePaths } from './profile.ts';
import { schemas } from './schemas.ts';
import { signInPaths } from './sign-in.ts';
import { terminalPaths } from './terminals.ts';
import { transactionPaths } from './transactions.ts';

/** The one published truth about the line, made of the schemas that both sides run. `npm run openapi` writes it down. */
export function buildOpenApi(): OpenApiDocument {
  return {
    openapi: '3.1.1',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Loket middleware',
      version: '1.0.0',
      description:
        'What terminals and people may ask of a middleware. TLS is always on; refusals are problem details (RFC 9457). Pages for staff and the switches of the demo are not part of this contract.',
    },
    servers: [{ url: 'https://localhost', description: 'Wherever the middleware runs; a terminal pins its root certificate.' }],
    paths: { ...transactionPaths, ...signInPaths, ...terminalPaths, ...attachmentPaths, ...filePaths, ...profilePaths },
    components: { schemas: describeSchemas() },
  };
}

function describeSchemas(): Record<string, unknown> {
  const registry = z.registry<{ id: string }>();
  for (const [id, [schema]] of Object.entries(schemas)) registry.add(schema, { id });
  const descriptions = new Map(Object.entries(schemas).map(([id, [, description]]) => [id, description]));
  // `input`: an object may carry more than is named here, so that either side can be updated first.
  const made = z.toJSONSchema(registry, { target: 'draft-2020-12', io: 'input', uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(
    Object.entries(made.schemas).map(([id, { $id: _id, $schema: _dialect, ...schema }]) => [
      id,
      { description: descriptions.get(id), ...schema },
    ]),
  );
}
