import { screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { CheckView } from '../../contract/view.ts';
import { renderKiosk } from '../fixtures/render-kiosk.tsx';
import { type FixtureName, fixtureNames, makeViews } from '../fixtures/views.ts';

vi.mock('../document/open-pdf.ts', () => import('../fixtures/fake-pdf.ts'));

const views = makeViews('nl');

function textOf(view: FixtureName): string {
  renderKiosk(views[view]);
  return (document.body.textContent ?? '').replaceAll('\u00ad', '');
}

describe('what the pages say', () => {
  it.each(fixtureNames)('%s has one heading of the first rank, which takes the focus of a new page', (view) => {
    renderKiosk(views[view]);
    const headings = screen.queryAllByRole('heading', { level: 1 });
    expect(headings.length).toBe(1);
    const focused = document.activeElement;
    if (view.endsWith('-error')) expect(focused).toBe(screen.getByRole('alert'));
    else if (view === 'cover-idle') expect(focused).toBe(screen.getByRole('button', { name: 'Ja, ik ben er nog' }));
    else expect(focused).toBe(headings[0]);
  });

  it('attract: what is read, why, and what one can do instead', () => {
    const said = textOf('attract');
    for (const word of ['naam', 'geboorte', 'nationaliteit', 'adres', 'rijksregisternummer', 'foto']) expect(said).toContain(word);
    expect(said).toContain('Zo hoeft u niets over te typen');
    expect(said).toContain('Liever niet? Begin zonder kaart.');
    expect(said).toContain('Liever met iemand? Ga naar de balie, rechts van de ingang.');
  });

  it('a card that was left in: whoever put one in is told to put it in again', () => {
    const attract = textOf('attract-left-in');
    expect(attract).toContain('Neem de kaart uit de lezer');
    expect(attract).toContain('Steek ze dan opnieuw in.');
    const again = 'Stak u net uw kaart in? Neem ze eruit en steek ze opnieuw in.';
    expect(textOf('goodbye-card-again')).toContain(again);
    expect(screen.getByRole('alert').textContent).toBe(again);
    expect(textOf('goodbye')).not.toContain(again);
  });

  it('a file that cannot open: without a line what can be done now, and else not a word of a line', () => {
    expect(textOf('file-offline')).toContain('Iets aanvragen kan nu wel.');
    const distrusted = textOf('file-not-believed');
    expect(distrusted).toContain('Vraag het opnieuw, of ga naar de balie, rechts van de ingang.');
    expect(distrusted).not.toContain('lijn');
  });

  it('attract: says honestly when no card can be read', () => {
    expect(textOf('attract-no-reader')).toContain('De lezer is niet aangesloten');
    expect(textOf('attract-needs-attention')).toContain('Een medewerker moet de lezer nakijken');
  });

  it('identity: each fact with its source, the number masked and spoken by its end', () => {
    const said = textOf('identity');
    expect(screen.getAllByText('Van uw kaart').length).toBe(5);
    expect(said).toContain('14 maart 1993 in Kortrijk');
    expect(said).toContain('Verborgen nummer, eindigt op 71');
    expect(screen.getByText('••.••.••-•••.71').getAttribute('aria-hidden')).toBe('true');
    expect(screen.getByRole('img', { name: 'De foto van uw kaart' }).getAttribute('src')).toMatch(/^data:image\/jpeg;base64,/);
  });

  it('identity: the proof is a sentence that changes, announced', () => {
    const kiosk = renderKiosk(views['identity-checking']);
    expect(screen.getByRole('status').textContent).toContain('We kijken na of uw kaart echt is');
    kiosk.push({ screen: views.identity.screen, who: views.identity.who });
    expect(screen.getByRole('status').textContent).toContain('De gegevens op uw kaart zijn echt');
  });

  it('identity: what was checked, each a sentence with a mark', () => {
    const said = (name: FixtureName) => {
      renderKiosk(views[name]);
      const list = screen.getByRole('list', { name: 'Wat we van uw kaart nakeken' });
      return within(list).getAllByRole('listitem');
    };
    const sentences = (name: FixtureName) => said(name).map((item) => item.textContent);
    expect(sentences('identity')).toEqual([
      'Het Rijksregister heeft deze gegevens ondertekend.',
      'Het Rijksregister heeft uw adres ondertekend.',
      'De foto hoort bij deze gegevens.',
      'De Belgische overheid staat in voor die handtekening.',
      'Geldig tot en met 13 maart 2031.',
      'Die handtekening is niet ingetrokken: nagekeken op 20 november, 10.04 uur.',
      'De chip is echt, geen kopie.',
    ]);
    expect(sentences('identity-offline')).toContain('Of die handtekening is ingetrokken: niet nagekeken, geen lijn.');
    expect(sentences('identity-no-chip')).toContain('De chip: niet nagekeken. Dat kan niet bij deze kaart.');
    expect(sentences('identity-expired')).toContain('Geldig tot en met 2 mei 2026: verlopen.');
    expect(sentences('identity-checking').every((sentence) => sentence?.endsWith('nog niet nagekeken.'))).toBe(true);
    const drawings = new Set(
      ['identity', 'identity-offline', 'identity-no-chip', 'identity-expired'].flatMap((name) =>
        said(name as FixtureName).map((item) => item.querySelector('path')?.getAttribute('d')),
      ),
    );
    expect(drawings.size).toBe(4);
  });

  it.each([1, 2, 3, 4] as const)('identity: at text size %s the facts come before the proof and what was checked', (size) => {
    renderKiosk({ ...views['identity-expired'], display: { text: size, theme: 'default' } });
    const inOrder = [
      screen.getByText('Lotte Elisabeth Vandeputte'),
      screen.getByText('••.••.••-•••.71'),
      screen.getByRole('status'),
      screen.getByRole('list', { name: 'Wat we van uw kaart nakeken' }),
    ];
    const sorted = [...inOrder].sort((one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
    expect(sorted).toEqual(inOrder);
  });

  it('identity: in large text what is in order is folded, and opens with a press; what is not stays', async () => {
    const large = (name: FixtureName) => renderKiosk({ ...views[name], display: { text: 3, theme: 'default' } });
    const sentences = () => screen.queryAllByRole('listitem').map((item) => item.textContent);
    large('identity-offline');
    expect(sentences()).toEqual(['Of die handtekening is ingetrokken: niet nagekeken, geen lijn.']);
    large('identity-expired');
    expect(sentences()).toEqual(['Geldig tot en met 2 mei 2026: verlopen.']);
    const kiosk = large('identity');
    expect(sentences()).toEqual([]);
    const fold = screen.getByRole('button', { name: 'Wat we nakeken', expanded: false });
    await kiosk.user.click(fold);
    expect([sentences().length, fold.getAttribute('aria-expanded')]).toEqual([7, 'true']);
    await kiosk.user.click(fold);
    expect([sentences().length, fold.getAttribute('aria-expanded')]).toEqual([0, 'false']);
    renderKiosk(views.identity);
    expect([sentences().length, screen.queryByRole('button', { name: 'Wat we nakeken' })]).toEqual([7, null]);
  });

  it.each([
    [
      'validity',
      'not_yet',
      '2027-05-04',
      'Geldig vanaf 4 mei 2027: nog niet geldig.',
      'Valable à partir du 4 mai 2027\u00a0: pas encore valable.',
    ],
    ['revocation', 'pending', null, 'nog niet nagekeken.', 'pas encore faite.'],
    ['revocation', 'no_answer', null, 'niet nagekeken, er kwam geen antwoord.', 'pas de réponse.'],
    ['revocation', 'unknown', null, 'wie dat moet weten, weet het niet.', 'ne le sait pas.'],
    ['photo', 'unchecked', null, 'De foto: niet nagekeken.', 'La photo\u00a0: pas de vérification.'],
  ] as const)('identity: of %s that is %s says what is so', (check, outcome, at, dutch, french) => {
    const { screen: identity } = views.identity;
    if (identity.name !== 'identity') throw new Error('wrong fixture');
    const said = (language: 'nl' | 'fr') => {
      renderKiosk({ ...views.identity, language, screen: { ...identity, checks: [{ check, outcome, at }] } });
      return screen.getByRole('listitem').textContent;
    };
    expect(said('nl')).toContain(dutch);
    expect(said('fr')).toContain(french);
    if (outcome !== 'pending') expect(said('nl')).not.toContain('nog niet nagekeken');
  });

  it('identity: never more than the outcome says', () => {
    const { screen: identity } = views.identity;
    if (identity.name !== 'identity') throw new Error('wrong fixture');
    const outcomes = CheckView.shape.outcome.options.filter((outcome) => outcome !== 'not_yet');
    for (const { check } of identity.checks) {
      const said = outcomes.map((outcome) => {
        renderKiosk({ ...views.identity, screen: { ...identity, checks: [{ check, outcome, at: null }] } });
        return screen.getByRole('list', { name: 'Wat we van uw kaart nakeken' }).textContent;
      });
      expect(new Set(said).size).toBe(outcomes.length);
    }
  });

  it('check: the PIN is offered with its reason, and marked once given; a signature comes before sending', () => {
    expect(textOf('check-pin-offered')).toContain('Hebt u uw pincode bij de hand? Dan weten we dat u het zelf bent.');
    expect(textOf('check')).not.toContain('pincode');
    expect(textOf('check-pin-confirmed')).toContain('Bevestigd met uw pincode.');
    expect(screen.queryByRole('button', { name: 'Bevestigen met mijn pincode' })).toBeNull();
    expect(textOf('check-signs')).toContain('Hierna leest en tekent u het document.');
    expect(screen.queryByRole('button', { name: /Verstuur|Bewaar/ })).toBeNull();
  });

  it('card refused: nine causes, nine different sentences, none of which blames', () => {
    const refused = fixtureNames.filter((name) => name.startsWith('refused-'));
    const said = refused.map((name) => {
      renderKiosk(views[name]);
      return `${screen.getByRole('heading', { level: 1 }).textContent} ${document.querySelector('.lead')?.textContent}`;
    });
    expect(new Set(said).size).toBe(9);
    for (const words of said) expect(words).toMatch(/Dat ligt niet aan u|Dat zegt niets over u|Dat gebeurt vaak/);
    for (const name of refused) expect(textOf(name)).toMatch(/[Gg]a (?:met deze kaart )?naar de balie, rechts van de ingang/);
  });

  it('check: no line is said before the button, and a problem before all answers', () => {
    renderKiosk(views['check-offline']);
    const notice = screen.getByText(/Er is nu geen lijn naar de gemeente/);
    const button = screen.getByRole('button', { name: 'Bewaar en verstuur later' });
    expect(notice.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Verstuur mijn aanvraag' })).toBeNull();
    for (const [name, words] of [
      ['check-disk-full', 'Het geheugen van deze kiosk is vol'],
      ['check-storage-failed', 'Deze kiosk kan nu niets bewaren'],
      ['check-invalid', 'Een antwoord klopt nog niet'],
    ] as const) {
      renderKiosk(views[name]);
      expect(screen.getByRole('alert').textContent).toContain(words);
    }
  });

  it('check: a day in full, an answer that was left open said as such', () => {
    expect(textOf('check')).toContain('dinsdag 1 december 2026');
    expect(textOf('check-anonymous')).toContain('Niet ingevuld');
  });

  it('keeping: shows nothing to the eye for half a second, then what is done', async () => {
    renderKiosk(views.keeping);
    expect(screen.getByRole('heading', { level: 1 }).closest('.unseen')).toBeTruthy();
    expect(screen.queryByText('Een ogenblik. Laat uw kaart zitten.')).toBeNull();
    expect(await screen.findByText('Een ogenblik. Laat uw kaart zitten.')).toBeTruthy();
    expect(screen.getByRole('heading', { level: 1 }).closest('.unseen')).toBeNull();
  });

  it('reading: says what for when it takes longer than a second', async () => {
    renderKiosk(views.reading);
    expect(screen.queryByText(/We halen uw naam/)).toBeNull();
    expect(await screen.findByText(/We halen uw naam/, {}, { timeout: 5_000 })).toBeTruthy();
  });

  it('kept: the state is the heading, and changes when the receipt comes', () => {
    const kiosk = renderKiosk(views.kept);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Bewaard, nog niet ontvangen');
    expect(screen.getByText('KTR-7M4Q-29XD')).toBeTruthy();
    kiosk.push({ screen: views['kept-received'].screen, line: { state: 'up', since: null } });
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Ontvangen');
    expect(within(screen.getByRole('list', { name: 'Waar uw aanvraag nu is' })).getAllByText('Gedaan:').length).toBe(3);
  });

  it('kept: the ticket’s code is drawn and named; the card that is left behind is called for', () => {
    renderKiosk(views.kept);
    expect(screen.getByRole('img', { name: /Vierkante code/ })).toBeTruthy();
    expect(screen.getByText(/Uw kaart zit nog in de lezer/)).toBeTruthy();
  });

  it('kept: with the receipt its code takes the ticket’s place, and the page says so', () => {
    const kiosk = renderKiosk(views['kept-received']);
    expect(screen.getByRole('img', { name: 'Vierkante code voor uw telefoon, met het adres van uw ticket' })).toBeTruthy();
    const ticket = document.querySelector('.qr path')?.getAttribute('d');
    kiosk.push({ screen: views['kept-receipt'].screen });
    expect(screen.getByRole('img', { name: 'Vierkante code voor uw telefoon, met uw ontvangstbewijs' })).toBeTruthy();
    expect(screen.getByRole('region', { name: 'Ontvangstbewijs' }).textContent).toContain('KTR-7M4Q-29XD');
    expect(document.querySelector('.qr path')?.getAttribute('d')).not.toBe(ticket);
  });

  it('goodbye: what is safe, with its codes; what is gone; why it ended', () => {
    const said = textOf('goodbye-idle');
    expect(said).toContain('Uw 2 aanvragen zijn bewaard');
    expect(said).toContain('KTR-0P3T-8HWZ');
    expect(said).toContain('U was er even niet');
    expect(textOf('goodbye-card-out')).not.toContain('bewaard');
  });

  it('goodbye: each code drawn beside its words, and as long as it stays', () => {
    renderKiosk(views['goodbye-idle']);
    const codes = screen.getByRole('heading', { level: 2, name: 'Neem uw codes mee' }).parentElement as HTMLElement;
    for (const item of within(codes).getAllByRole('listitem')) {
      const reference = item.textContent;
      expect(within(item).getByRole('img', { name: `Vierkante code voor uw telefoon, voor ${reference}` })).toBeTruthy();
    }
    expect(within(codes).getAllByRole('listitem').length).toBe(2);
    const drawings = within(codes).getAllByRole('img');
    expect(new Set(drawings.map((drawing) => drawing.querySelector('path')?.getAttribute('d'))).size).toBe(2);
    expect(screen.queryByRole('timer')).toBeNull();
    expect(codes.textContent).toContain('Dit blijft staan tot u uw kaart neemt.');
    renderKiosk(views['goodbye-time']);
    expect(screen.getByRole('timer').textContent).toBe('Dit blijft nog 43 seconden staan.');
  });

  it('goodbye: no time to ask for where nothing was kept', () => {
    renderKiosk(views['goodbye-card-out']);
    expect(screen.queryByRole('timer')).toBeNull();
    expect(screen.queryByRole('button', { name: 'Ik schrijf nog' })).toBeNull();
  });

  it('goodbye: the time is heard when it begins anew, at 20 and at 10 seconds, and not in between', () => {
    const kiosk = renderKiosk(views['goodbye-time']);
    const goodbye = views['goodbye-time'].screen;
    if (goodbye.name !== 'goodbye') throw new Error('wrong fixture');
    const heard = [43, 42, 21, 20, 19, 9, 60, 59].map((secondsLeft) => {
      kiosk.push({ screen: { ...goodbye, secondsLeft } });
      return screen.getByRole('status').textContent?.match(/\d+/)?.[0] ?? null;
    });
    expect(heard).toEqual([null, null, null, '20', '20', '9', '60', '60']);
  });

  it.each(fixtureNames.filter((name) => /^(goodbye|cover|broken|attract)/.test(name)))('%s names nobody', (view) => {
    expect(textOf(view)).not.toMatch(/Lotte|Vandeputte|Zandkapel|\.71/);
  });

  it.each(fixtureNames)('%s: the window’s title stays empty of people', (view) => {
    document.title = 'Loket';
    renderKiosk(views[view]);
    expect(document.title).toBe('Loket');
  });
});
