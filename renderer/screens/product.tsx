import type { ReactNode } from 'react';
import type { KioskView, ScreenView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { opens, ProductState } from '../catalogue/product-state.tsx';
import { Say, useText } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { Feet } from '../ui/feet.tsx';
import { ArrowLeftIcon, ArrowRightIcon, UserFocusIcon } from '../ui/icons.ts';
import { Tip } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { ProductLine } from '../ui/product-line.tsx';
import { Qr } from '../ui/qr.tsx';
import { Title } from '../ui/title.tsx';
import { Who } from '../ui/who.tsx';

type ProductView = Extract<ScreenView, { name: 'product' }>;
type Start = ProductView['start'];

/** What it is, what it costs, what is needed, and what can be done about it: here, on the own phone, or at the desk. */
export function ProductScreen({ view, screen }: { view: KioskView; screen: ProductView }) {
  const text = useText();
  const { start } = screen;
  const begins = start.how === 'form' && opens[start.state];
  return (
    <Page
      className="about"
      reading
      who={<Who view={view} />}
      where={<ProductLine product={text(`theme.${screen.theme}`)} />}
      feet={
        <Feet view={view}>
          <Button size="big" before={ArrowLeftIcon} onPress={() => ask('form.back', {})}>
            <Say id="button.back" />
          </Button>
          {begins && (
            <Button size="big" kind="go" spread after={ArrowRightIcon} onPress={() => ask('form.open', { product: screen.id })}>
              <Say id="product.begin" />
            </Button>
          )}
        </Feet>
      }
    >
      <Title>{screen.title}</Title>
      <p className="lead">{screen.description}</p>
      <HowToStart start={start} desk={view.desk} />
      <Facts facts={screen.facts} />
      {!namesDesk(start) && (
        <Tip icon={UserFocusIcon}>
          <Say id="product.desk" values={{ desk: view.desk }} />
        </Tip>
      )}
    </Page>
  );
}

/** The way to the desk is said already. */
function namesDesk(start: Start): boolean {
  return start.how === 'desk' || (start.how === 'form' && !opens[start.state]);
}

function Facts({ facts }: { facts: ProductView['facts'] }) {
  const text = useText();
  return (
    <dl className="about__facts" aria-label={text('product.facts')}>
      {facts.map(({ fact, lines }) => (
        <div key={fact} className="row">
          <dt>
            <Say id={`product.${fact}`} />
          </dt>
          <dd className="row__value">
            {lines.map((line) => (
              <p key={line}>{line}</p>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function HowToStart({ start, desk }: { start: Start; desk: string }) {
  switch (start.how) {
    case 'form':
      return start.state === 'open' ? null : (
        <>
          <p className="about__state">
            <ProductState state={start.state} />
          </p>
          {!opens[start.state] && <Instead start={start} desk={desk} />}
        </>
      );
    case 'phone':
      return (
        <OnPhone url={start.url} title={<Say id="product.phone" />}>
          <p>
            <Say id="product.phone.say" />
          </p>
          {start.portal && (
            <p>
              <Say id="product.portal" />
            </p>
          )}
        </OnPhone>
      );
    case 'elsewhere':
      return (
        <OnPhone url={start.url} title={<Say id="product.elsewhere" values={{ town: start.town }} />}>
          <p>
            <Say id={start.url === null ? 'product.elsewhere.unknown' : 'product.elsewhere.say'} values={{ town: start.town }} />
          </p>
        </OnPhone>
      );
    case 'desk':
      return (
        <OnPhone url={null} title={<Say id="product.atDesk" />}>
          <p>
            <Say id="product.atDesk.say" values={{ desk }} />
          </p>
        </OnPhone>
      );
  }
}

/** What can be done now, where this product cannot begin. */
function Instead({ start, desk }: { start: Extract<Start, { how: 'form' }>; desk: string }) {
  return (
    <section className="about__instead">
      <h2>
        <Say id="product.instead" />
      </h2>
      <p>
        <Say id="product.instead.desk" values={{ desk }} /> {start.state === 'needs_line' && <Say id="product.instead.later" />}
      </p>
      {start.instead && <InsteadButton instead={start.instead} />}
    </section>
  );
}

function InsteadButton({ instead: { product, name } }: { instead: NonNullable<Extract<Start, { how: 'form' }>['instead']> }) {
  return (
    <Button after={ArrowRightIcon} onPress={() => ask('form.open', { product })}>
      {name}
    </Button>
  );
}

type OnPhoneProps = { url: string | null; title: ReactNode; children: ReactNode };

/** An address of somebody else's: a code for the person's own phone, and never a page in the kiosk. */
function OnPhone({ url, title, children }: OnPhoneProps) {
  const text = useText();
  return (
    <section className="handover">
      {url !== null && <Qr text={url} label={text('product.phone.qr')} />}
      <div className="handover__say">
        <h2>{title}</h2>
        {children}
        {url !== null && <p className="handover__url">{url.replace(/^https:\/\/(www\.)?/, '').replace(/\/$/, '')}</p>}
      </div>
    </section>
  );
}
