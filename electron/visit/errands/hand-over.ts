import { writeItemSheet } from '../../../contract/item-sheet.ts';
import type { Language } from '../../../contract/language.ts';
import type { Clock } from '../../clock.ts';
import type { HandoverAsker } from '../../file/ask-handover.ts';
import { findItem } from '../../file/find-item.ts';
import type { Printer } from '../../printing/printer.ts';
import type { Visit } from '../state.ts';
import { actingAsOf } from '../steps/see-file.ts';
import type { TakeStep } from '../steps/take-item.ts';

export type TakeAlong = {
  /** Null: this terminal has none. */
  printer: Printer | null;
  /** Null without an identity. */
  ask: HandoverAsker | null;
};

/** Brings the thing that this visit wants to take along onto paper, or asks the middleware to bring it. */
export async function handOver(
  { printer, ask }: TakeAlong,
  visit: Visit,
  { language, clock }: { language: Language; clock: Clock },
): Promise<TakeStep> {
  const { taking, file, grant } = visit;
  const found = taking && findItem(file, taking.key);
  if (!taking || !found || found.name.id !== taking.of.id) return trouble('gone');
  if (taking.way === 'print') {
    const source = file?.sources.get(taking.of.source);
    if (!printer || !source) return trouble('no_printer');
    const sheet = writeItemSheet(found.item, { name: source.info.name, asOf: source.asOf }, { language, at: clock.wall() });
    return (await printer.print(sheet)) ? done(null) : trouble('no_printer');
  }
  if (!grant || grant.until <= clock.ticks()) return trouble('sign_in');
  if (!ask) return trouble('no_line');
  const { way, of } = taking;
  const reply = await ask({ visit: visit.id, token: grant.token, actingAs: actingAsOf(visit), item: of, way, language });
  if (!reply.ok) return trouble(reply.error);
  switch (reply.value.status) {
    case 'ready':
      return { stage: 'done', to: null, token: reply.value.token, until: clock.ticks() + reply.value.expiresInMs };
    case 'sent':
      return done(reply.value.to);
    case 'refused':
      return trouble(reply.value.why);
  }
}

function done(to: string | null): TakeStep {
  return { stage: 'done', to, token: null, until: null };
}

function trouble(problem: Extract<TakeStep, { stage: 'problem' }>['problem']): TakeStep {
  return { stage: 'problem', problem };
}
