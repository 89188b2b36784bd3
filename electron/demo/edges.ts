import * as z from 'zod';
import { DemoLine, DockView } from '../../contract/dock.ts';

/** Where the demo's fakes can be reached: written by the demo launcher. */
const Edges = z.object({ cardControl: z.string().nullable(), control: z.url().nullable() });
export type Edges = z.infer<typeof Edges>;

/** Throws on anything else. */
export function readEdges(text: string): Edges {
  return Edges.parse(JSON.parse(text));
}

const Received = z.object({ line: DemoLine, received: DockView.shape.received, messages: DockView.shape.messages });
export type Received = z.infer<typeof Received>;

/** The launcher's own view of the world beyond the line. */
export async function fetchReceived(control: string): Promise<Received> {
  const answer = await fetch(`${control}/received`, { signal: AbortSignal.timeout(4_000) });
  return Received.parse(await answer.json());
}

export async function setLine(control: string, line: DemoLine): Promise<void> {
  await fetch(`${control}/line`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ line }),
    signal: AbortSignal.timeout(4_000),
  });
}
