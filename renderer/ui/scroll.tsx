import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { Say, useText } from '../i18n/words.tsx';
import { Button } from './button.tsx';
import { ArrowDownIcon, ArrowUpIcon } from './icons.ts';
import { names } from './names.ts';

type Overflow = { needed: boolean; above: boolean; below: boolean };
const fits: Overflow = { needed: false, above: false, below: false };

/**
 * The part of a page that may be longer than the glass (text sizes 3 and 4). Nobody should have to know how to swipe:
 * two large buttons scroll, and they are only there when there is something to scroll.
 */
export function Scroll({
  reading,
  box: given,
  children,
}: {
  reading?: boolean;
  box?: RefObject<HTMLDivElement | null>;
  children: ReactNode;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const own = useRef<HTMLDivElement>(null);
  const box = given ?? own;
  const [overflow, setOverflow] = useState(fits);
  const text = useText();

  useEffect(() => {
    const outer = frame.current;
    const inner = box.current;
    if (!outer || !inner) return;
    const measure = () => setOverflow((before) => keepSame(before, measureOverflow(outer, inner)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(outer);
    for (const child of inner.children) observer.observe(child);
    inner.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      inner.removeEventListener('scroll', measure);
    };
  }, [box]);

  const scroll = (direction: 1 | -1) => {
    const inner = box.current;
    if (inner) inner.scrollBy({ top: direction * inner.clientHeight * 0.75 });
  };
  const region = overflow.needed ? ({ role: 'region', tabIndex: 0, 'aria-label': text('scroll.region') } as const) : {};
  return (
    <div className="scroll" ref={frame} data-needed={overflow.needed || undefined} data-reading={reading}>
      <div className="scroll__box" ref={box} {...region}>
        <div className="scroll__content">{children}</div>
      </div>
      {overflow.needed && (
        <div className="scroll__bar">
          {/* At an end a button fades but stays: disabling it under somebody's finger or focus would lose their place. */}
          <Button before={ArrowUpIcon} className={names(!overflow.above && 'is-spent')} onPress={() => scroll(-1)}>
            <Say id="scroll.up" />
          </Button>
          <Button before={ArrowDownIcon} className={names(!overflow.below && 'is-spent')} onPress={() => scroll(1)}>
            <Say id="scroll.down" />
          </Button>
        </div>
      )}
    </div>
  );
}

/** The bar itself takes room, so whether it is needed is measured against the room without it. */
function measureOverflow(outer: HTMLElement, inner: HTMLElement): Overflow {
  const slack = 1;
  return {
    needed: inner.scrollHeight > outer.clientHeight + slack,
    above: inner.scrollTop > slack,
    below: inner.scrollTop + inner.clientHeight < inner.scrollHeight - slack,
  };
}

function keepSame(before: Overflow, now: Overflow): Overflow {
  return before.needed === now.needed && before.above === now.above && before.below === now.below ? before : now;
}
