import { OperatorSay } from './operator-say.tsx';

/** For the eye alone: a screen reader would say each of them. */
export function Seconds({ seconds }: { seconds: number }) {
  return (
    <span aria-hidden={true}>
      <OperatorSay id="op.seconds" values={{ seconds }} />
    </span>
  );
}
