import type { ReactNode } from 'react';
import { unreachable } from '../../contract/result.ts';
import type { DocumentView, KioskView, ScreenView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { PdfPages } from '../document/pdf-pages.tsx';
import { usePdf } from '../document/use-pdf.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { Feet } from '../ui/feet.tsx';
import { ArrowLeftIcon, ShieldCheckIcon, SignatureIcon, UserFocusIcon } from '../ui/icons.ts';
import { Sign, Signs } from '../ui/mark.tsx';
import { Tip } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { ProductLine } from '../ui/product-line.tsx';
import { Title } from '../ui/title.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { Who } from '../ui/who.tsx';

type SignView = Extract<ScreenView, { name: 'sign' }>;
type ReadProps = { view: KioskView; screen: SignView };

/** The document that will be signed, whole. Without it there is nothing to press but the way back. */
export function ReadDocument({ view, screen }: ReadProps) {
  const { document } = screen;
  if (document === null) return <Unreadable view={view} screen={screen} />;
  switch (document.kind) {
    case 'pdf':
      return <Pdf view={view} screen={screen} document={document} />;
    case 'text':
      return (
        <Sheet view={view} screen={screen} ready>
          <div className="sheet sheet--text">{document.text}</div>
        </Sheet>
      );
    default:
      return unreachable(document);
  }
}

function Pdf({ view, screen, document }: ReadProps & { document: Extract<DocumentView, { kind: 'pdf' }> }) {
  const text = useText();
  const pdf = usePdf(document.bytes);
  if (pdf.state === 'broken') return <Unreadable view={view} screen={screen} />;
  return (
    <Sheet view={view} screen={screen} ready={pdf.state === 'open'}>
      {pdf.state === 'open' ? <PdfPages pages={pdf.pages} /> : <Waiting label={text('sign.opening')} />}
    </Sheet>
  );
}

/** `ready`: all of it is on the page, so it can be signed. Nobody is made to scroll to the end: the button says what it means. */
function Sheet({ view, screen, ready, children }: ReadProps & { ready: boolean; children: ReactNode }) {
  return (
    <Page
      className="reader"
      reading
      who={<Who view={view} quiet />}
      where={<ProductLine product={screen.product} />}
      feet={
        <Feet view={view}>
          <Back />
          {ready && (
            <Button size="big" kind="go" spread after={SignatureIcon} onPress={() => ask('sign.start', {})}>
              <Say id="sign.button" />
              {screen.way && (
                <span className="btn__more">
                  <Say id={`sign.way.${screen.way}`} />
                </span>
              )}
            </Button>
          )}
        </Feet>
      }
    >
      <Title>
        <Say id="sign.title" />
      </Title>
      <p className="question__hint">
        <Say id="sign.lead" /> {screen.checked && <Say id={`sign.checked.${screen.checked}`} />}
      </p>
      {children}
    </Page>
  );
}

function Back() {
  return (
    <Button size="big" before={ArrowLeftIcon} onPress={() => ask('sign.leave', {})}>
      <Say id="button.back" />
    </Button>
  );
}

function Unreadable({ view, screen }: ReadProps) {
  return (
    <Page
      who={<Who view={view} quiet />}
      where={<ProductLine product={screen.product} />}
      feet={
        <Feet view={view}>
          <Back />
        </Feet>
      }
    >
      <Title size="calm">
        <Say id="sign.broken.title" />
      </Title>
      <p className="lead">
        <Say id="sign.broken.lead" />
      </p>
      <section className="calm" aria-labelledby="what-now">
        <h2 id="what-now">
          <Say id="refused.what" />
        </h2>
        <Signs stacked>
          <Sign icon={ArrowLeftIcon}>
            <Say id="sign.broken.back" />
          </Sign>
          <Sign icon={UserFocusIcon}>
            <Say id="sign.broken.desk" values={{ desk: view.desk }} />
          </Sign>
        </Signs>
      </section>
      <Tip icon={ShieldCheckIcon}>
        <Say id="sign.broken.note" />
      </Tip>
    </Page>
  );
}
