import type { KioskView, ScreenView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { useDates } from '../i18n/dates.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { Feet } from '../ui/feet.tsx';
import { Icon } from '../ui/icon.tsx';
import {
  ArrowRightIcon,
  ArrowsClockwiseIcon,
  CertificateIcon,
  EyeIcon,
  IdentificationCardIcon,
  PasswordIcon,
  type Pictogram,
  PlugsIcon,
  SignatureIcon,
  TrafficConeIcon,
  TruckIcon,
  UserFocusIcon,
  WrenchIcon,
} from '../ui/icons.ts';
import { Care, Tip } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Title } from '../ui/title.tsx';
import { Who } from '../ui/who.tsx';

type CatalogueView = Extract<ScreenView, { name: 'catalogue' }>;
type ProductRow = CatalogueView['products'][number];

const drawings: Record<ProductRow['icon'], Pictogram> = {
  certificate: CertificateIcon,
  move: TruckIcon,
  street: TrafficConeIcon,
  eye: EyeIcon,
  signature: SignatureIcon,
};

/** What can be done here, now, by this person; and what cannot, with who can help. */
export function CatalogueScreen({ view, screen }: { view: KioskView; screen: CatalogueView }) {
  const text = useText();
  const offline = view.line.state === 'down';
  return (
    <Page className="catalogue" who={<Who view={view} />} feet={<Feet view={view} />}>
      {offline && <NoLine since={view.line.since} />}
      <Title>
        <Say id="catalogue.title" />
      </Title>
      <ul className="products" aria-label={text('catalogue.list')}>
        {screen.products.map((product) => (
          <li key={product.id}>
            <Product product={product} />
          </li>
        ))}
      </ul>
      <div className="tips">
        {offline && (
          <Tip icon={ArrowsClockwiseIcon}>
            <Say id="catalogue.tipRetry" />
          </Tip>
        )}
        {!view.who && (
          <Tip icon={IdentificationCardIcon}>
            <Say id="catalogue.tipCard" />
          </Tip>
        )}
        <Tip icon={UserFocusIcon}>
          <Say id="catalogue.tipDesk" values={{ desk: view.desk }} />
        </Tip>
      </div>
    </Page>
  );
}

function NoLine({ since }: { since: string | null }) {
  const dates = useDates();
  return (
    <Care icon={PlugsIcon}>
      <strong>{since === null ? <Say id="line.down" /> : <Say id="line.downSince" values={{ time: dates.time(since) }} />}</strong>
      <br />
      <Say id="line.downMeans" />
    </Care>
  );
}

const states: Record<Exclude<ProductRow['state'], 'open'>, Pictogram> = {
  needs_card: IdentificationCardIcon,
  needs_proven_card: UserFocusIcon,
  needs_pin: PasswordIcon,
  needs_line: PlugsIcon,
  cannot_sign: UserFocusIcon,
  broken: WrenchIcon,
};

/** A product that does not open is no button: it says why, and who helps. */
const opens: Record<ProductRow['state'], boolean> = {
  open: true,
  needs_card: true,
  needs_pin: true,
  needs_proven_card: false,
  needs_line: false,
  cannot_sign: false,
  broken: false,
};

function Product({ product }: { product: ProductRow }) {
  const icon = drawings[product.icon];
  if (!opens[product.state]) {
    return (
      <div className="product product--closed">
        <Icon of={icon} />
        <Words product={product} />
      </div>
    );
  }
  return (
    <Button className="product" before={icon} after={ArrowRightIcon} spread onPress={() => ask('form.open', { product: product.id })}>
      <Words product={product} />
    </Button>
  );
}

/** In a button only phrasing may stand, hence the spans. */
function Words({ product }: { product: ProductRow }) {
  return (
    <span className="product__text">
      <strong>{product.name}</strong>
      <span>{product.summary}</span>
      {product.state !== 'open' && (
        <span className="src">
          <Icon of={states[product.state]} />
          <Say id={`catalogue.${product.state}`} />
        </span>
      )}
    </span>
  );
}
