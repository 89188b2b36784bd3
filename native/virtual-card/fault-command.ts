import { ok, type Result, refuse } from '../../contract/result.ts';
import { type Fault, faultKinds, setFault } from './faults.ts';
import { isPersona } from './reader.ts';

/** Longer than any deadline of the app; a process that hangs so is killed. */
const hangMs = 600_000;

function parseFault(kind: string, atCall: number, more: string | undefined, reader: number): Result<Fault, string> {
  switch (kind) {
    case 'hang': {
      const ms = Number(more ?? hangMs);
      return Number.isInteger(ms) && ms >= 0 ? ok({ kind, atCall, ms }) : refuse('A hang takes milliseconds: fault hang 3 5000.');
    }
    case 'crash':
    case 'device_error':
      return ok({ kind, atCall });
    case 'remove':
      return ok({ kind, atCall, reader });
    case 'swap':
      if (more === undefined || !isPersona(more)) return refuse('Swapped for which card? fault swap 3 helene.');
      return ok({ kind, atCall, persona: more, reader });
    default:
      return refuse(`There is no fault called "${kind}". There are: none, ${faultKinds.join(', ')}.`);
  }
}

/** `fault KIND [AT] [MORE]` of `npm run card`. */
export function setFaultFrom([kind, at = '1', more]: string[], { dir, reader }: { dir: string; reader: number }): Result<string, string> {
  if (kind === 'none') {
    setFault(dir, null);
    return ok('Nothing goes wrong.');
  }
  const atCall = Number(at);
  if (!Number.isSafeInteger(atCall) || atCall < 1) return refuse(`At which call from now? A number from 1, not "${at}".`);
  const fault = parseFault(kind ?? '', atCall, more, reader);
  if (!fault.ok) return fault;
  setFault(dir, fault.value);
  return ok(`Fault ${fault.value.kind} at call ${atCall} from now.`);
}
