import { Fragment } from 'react';

/** An address for letters or a page: a line ends after its marks, and in the middle of a word only where it must. */
export function Breakable({ text }: { text: string }) {
  return text.split(/(?<=[@.])/).map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have nothing else
    <Fragment key={at}>
      {part}
      <wbr />
    </Fragment>
  ));
}
