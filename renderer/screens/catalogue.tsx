import type { KioskView, ProductRow, ScreenView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { EventsPage } from '../catalogue/events-page.tsx';
import { FileEntry } from '../catalogue/file-entry.tsx';
import { productIcon, themeIcons } from '../catalogue/product-icons.ts';
import { opens, ProductState } from '../catalogue/product-state.tsx';
import { SearchPage } from '../catalogue/search-page.tsx';
import { ThemePage } from '../catalogue/theme-page.tsx';
import { themes } from '../catalogue/themes.ts';
import { useDates } from '../i18n/dates.ts';
import { Say, useText } from '../i18n/words.tsx';
import { useKiosk } from '../state/kiosk-store.ts';
import { Suggestions, saysSomething } from '../suggestions/suggestions.tsx';
import { Button } from '../ui/button.tsx';
import { Feet } from '../ui/feet.tsx';
import { Icon } from '../ui/icon.tsx';
import { ArrowRightIcon, CalendarBlankIcon, DeviceMobileIcon, MagnifyingGlassIcon, PlugsIcon } from '../ui/icons.ts';
import { Care } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Title } from '../ui/title.tsx';
import { Who } from '../ui/who.tsx';

type CatalogueView = Extract<ScreenView, { name: 'catalogue' }>;

/** What can be done here: found by a word, by a theme, or among what people ask most. */
export function CatalogueScreen({ view, screen }: { view: KioskView; screen: CatalogueView }) {
  const browsing = useKiosk((state) => state.browsing);
  switch (browsing.at) {
    case 'search':
      return <SearchPage view={view} />;
    case 'theme':
      return <ThemePage key={browsing.theme} view={view} theme={browsing.theme} />;
    case 'events':
      return <EventsPage view={view} />;
    case 'home':
      return <HomePage view={view} screen={screen} />;
  }
}

function HomePage({ view, screen }: { view: KioskView; screen: CatalogueView }) {
  const browse = useKiosk((state) => state.browse);
  const offline = view.line.state === 'down';
  return (
    // Without a line there is more to say at each product, and suggestions take room: the last may then stand below what is seen at once.
    <Page
      className="catalogue"
      reading={offline || saysSomething(screen.suggestions)}
      who={<Who view={view} />}
      feet={<Feet view={view} />}
    >
      {offline && <NoLine since={view.line.since} />}
      <Title>
        <Say id="catalogue.title" />
      </Title>
      <FileEntry />
      <Button className="search__open" size="big" before={MagnifyingGlassIcon} onPress={() => browse({ at: 'search' })}>
        <Say id="catalogue.search" />
      </Button>
      <Often products={screen.products} />
      <Suggestions suggestions={screen.suggestions} />
      <Themes />
      <Portals portals={screen.portals} />
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

/** These begin at once: the words above say so. */
function Often({ products }: { products: readonly ProductRow[] }) {
  const text = useText();
  return (
    <>
      <h2 className="catalogue__head">
        <Say id="catalogue.often" />
      </h2>
      <ul className="often" aria-label={text('catalogue.list')}>
        {products.map((product) => (
          <li key={product.id}>
            <OftenProduct product={product} />
          </li>
        ))}
      </ul>
    </>
  );
}

const saysMore: ReadonlySet<ProductRow['state']> = new Set(['elsewhere', 'desk', 'phone', 'needs_line', 'cannot_sign']);

/** What cannot begin here leads to its page where that says more than the reason; else it is no button. */
function OftenProduct({ product }: { product: ProductRow }) {
  const icon = productIcon(product);
  const words = (
    <span className="product__text">
      <strong>{product.name}</strong>
      <ProductState state={product.state} />
    </span>
  );
  const leads = saysMore.has(product.state);
  if (!opens[product.state] && !leads) {
    return (
      <div className="often__one product--closed">
        <Icon of={icon} />
        {words}
      </div>
    );
  }
  const open = () => ask(leads ? 'product.open' : 'form.open', { product: product.id });
  return (
    <Button className="often__one" before={icon} after={ArrowRightIcon} spread onPress={open}>
      {words}
    </Button>
  );
}

function Themes() {
  const text = useText();
  const browse = useKiosk((state) => state.browse);
  return (
    <>
      <h2 className="catalogue__head">
        <Say id="catalogue.themes" />
      </h2>
      <ul className="themes" aria-label={text('catalogue.themes')}>
        {themes.map((theme) => (
          <li key={theme}>
            <Button size="small" before={themeIcons[theme]} onPress={() => browse({ at: 'theme', theme })}>
              <Say id={`theme.${theme}`} />
            </Button>
          </li>
        ))}
        <li>
          <Button size="small" before={CalendarBlankIcon} onPress={() => browse({ at: 'events' })}>
            <Say id="catalogue.events" />
          </Button>
        </li>
      </ul>
    </>
  );
}

/** Pages of other governments never open here: their entry leads to a code for the own phone. */
function Portals({ portals }: { portals: CatalogueView['portals'] }) {
  const text = useText();
  if (portals.length === 0) return null;
  return (
    <>
      <h2 className="catalogue__head">
        <Say id="catalogue.portals" />
      </h2>
      <ul className="portals" aria-label={text('catalogue.portals')}>
        {portals.map(({ id, name }) => (
          <li key={id}>
            <Button size="small" before={DeviceMobileIcon} onPress={() => ask('product.open', { product: id })}>
              {name}
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}
