import type { ReactNode, RefObject } from 'react';
import { names } from './names.ts';
import { Scroll } from './scroll.tsx';

type PageProps = {
  /** Who: the band at the top. */
  who: ReactNode;
  /** Where: the steps of a form. */
  where?: ReactNode;
  /** What stays in sight under the part that scrolls: the keyboard. */
  below?: ReactNode;
  feet: ReactNode;
  /** A document to read: as long as it is, so it may scroll at every size of text. */
  reading?: boolean;
  /** The box that scrolls, for a list that draws only what is in it. */
  box?: RefObject<HTMLDivElement | null>;
  covered?: boolean;
  className?: string;
  children: ReactNode;
};

/** The four fixed places: who, where, the question, the feet. Only the question scrolls, and only in large text. */
export function Page({ who, where, below, feet, reading, box, covered, className, children }: PageProps) {
  return (
    <div className={names('page', covered && 'page--covered', className)}>
      <header className="who">{who}</header>
      <main className="main">
        {where}
        <Scroll {...(reading && { reading })} {...(box && { box })}>
          {children}
        </Scroll>
        {below}
      </main>
      <footer className="feet">{feet}</footer>
    </div>
  );
}
