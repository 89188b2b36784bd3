import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { type DrawnKiosk, renderKiosk } from '../fixtures/render-kiosk.tsx';
import { type FixtureName, fixtureNames, makeViews } from '../fixtures/views.ts';

vi.mock('../document/open-pdf.ts', () => import('../fixtures/fake-pdf.ts'));

const views = makeViews('nl');

async function press(kiosk: DrawnKiosk, name: string | RegExp): Promise<void> {
  // A document opens first: until then its page may still change.
  await waitFor(() => expect(screen.queryByRole('progressbar', { name: 'Uw document wordt geopend' })).toBeNull());
  await kiosk.user.click(screen.getByRole('button', { name }));
}

type Press = [view: FixtureName, button: string | RegExp, command: string, input: object];

/** Every button that asks something, on every page: the page decides nothing, so this is all that it does. */
const presses: Press[] = [
  ['attract', 'Begin zonder kaart', 'visit.begin', {}],
  ['attract', 'Français', 'visit.language', { language: 'fr' }],
  ['attract', 'Grotere tekst', 'visit.display', { display: { text: 3, theme: 'default' } }],
  ['attract', 'Zwart en wit', 'visit.display', { display: { text: 2, theme: 'contrast' } }],
  ['attract-left-in', 'Begin zonder kaart', 'visit.begin', {}],
  ['attract-no-reader', 'Begin zonder kaart', 'visit.begin', {}],
  ['attract-needs-attention', 'Begin zonder kaart', 'visit.begin', {}],
  ['reading', 'Stop', 'visit.stop', { why: 'stopped' }],
  ['identity', 'Dat ben ik, verder', 'visit.continue', {}],
  ['identity', 'Dit ben ik niet', 'visit.stop', { why: 'not_me' }],
  ['identity', 'Bent u dit niet?', 'visit.stop', { why: 'not_me' }],
  ['identity-checking', 'Dat ben ik, verder', 'visit.continue', {}],
  ['identity-expired', 'Dat ben ik, verder', 'visit.continue', {}],
  ['identity-offline', 'Dat ben ik, verder', 'visit.continue', {}],
  ['identity-recently-kept', 'Dat ben ik, verder', 'visit.continue', {}],
  ['identity-no-chip', 'Dat ben ik, verder', 'visit.continue', {}],
  ['refused-not-proven', 'Lees mijn kaart opnieuw', 'card.again', {}],
  ['refused-not-proven', 'Zonder kaart', 'visit.catalogue', {}],
  ['refused-issuer-unknown', 'Lees mijn kaart opnieuw', 'card.again', {}],
  ['refused-issuer-dates', 'Lees mijn kaart opnieuw', 'card.again', {}],
  ['refused-not-genuine', 'Zonder kaart', 'visit.catalogue', {}],
  ['refused-revoked', 'Lees mijn kaart opnieuw', 'card.again', {}],
  ['refused-not-an-eid', 'Zonder kaart', 'visit.catalogue', {}],
  ['refused-unreadable', 'Lees mijn kaart opnieuw', 'card.again', {}],
  ['refused-no-reader', 'Ga verder zonder kaart', 'visit.catalogue', {}],
  ['refused-no-reader', 'Opnieuw', 'card.again', {}],
  ['refused-needs-attention', 'Ga verder zonder kaart', 'visit.catalogue', {}],
  ['catalogue', /^Adreswijziging/, 'form.open', { product: 'change-of-address' }],
  ['catalogue', 'Stop', 'visit.stop', { why: 'stopped' }],
  ['catalogue-no-card', /^Attest/, 'form.open', { product: 'main-residence-certificate' }],
  ['catalogue-offline', /^Probleem op straat/, 'form.open', { product: 'street-defect' }],
  ['catalogue-closed', /^Probleem op straat/, 'form.open', { product: 'street-defect' }],
  ['catalogue-pin', /^Attest.*Met uw kaart en uw pincode/, 'form.open', { product: 'main-residence-certificate' }],
  ['catalogue-no-pin', /^Probleem op straat/, 'form.open', { product: 'street-defect' }],
  ['catalogue-no-pin', /^Attest.*Nu niet: er is geen lijn/, 'product.open', { product: 'main-residence-certificate' }],
  ['product-closed', 'Afspraak maken', 'form.open', { product: 'appointment' }],
  ['catalogue-suggests', 'Bekijk: Vaccinatie tegen griep', 'product.open', { product: 'vaccination' }],
  ['catalogue-suggests', 'Geen voorstellen meer', 'suggestions.switch', { off: true }],
  ['catalogue-acting', 'Stop', 'visit.stop', { why: 'stopped' }],
  ['file', 'Niet meer tonen: Vaccinatie tegen griep', 'suggestions.put_away', { id: 'vaccination-65' }],
  ['file', 'Toon ze weer', 'suggestions.switch', { off: false }],
  ['file-no-suggestions', 'Toon voorstellen', 'suggestions.switch', { off: false }],
  ['file-soon-over', 'Geef uw pincode', 'file.renew', {}],
  ['file-time-over', 'Geef uw pincode', 'file.renew', {}],
  ['product', 'Begin hier', 'form.open', { product: 'change-of-address' }],
  ['product-pin', 'Begin hier', 'form.open', { product: 'change-of-address' }],
  ['product-closed', 'Terug', 'form.back', {}],
  ['product-phone', 'Terug', 'form.back', {}],
  ['product-portal', 'Terug', 'form.back', {}],
  ['product-desk', 'Terug', 'form.back', {}],
  ['product-elsewhere', 'Terug', 'form.back', {}],
  ['product-far', 'Terug', 'form.back', {}],
  ['catalogue', /^Mijn map bekijken/, 'file.open', {}],
  ['file', 'Naar de diensten', 'visit.catalogue', {}],
  ['file', 'Voor iemand anders', 'file.roles', {}],
  ['file', 'Niet meer tonen: Vaccinatie tegen griep', 'suggestions.put_away', { id: 'vaccination-65' }],
  ['file', 'Geen voorstellen meer', 'suggestions.switch', { off: true }],
  ['file-reading', 'Naar de diensten', 'visit.catalogue', {}],
  ['file-payment', 'Naar de diensten', 'visit.catalogue', {}],
  ['file-print', 'Naar de diensten', 'visit.catalogue', {}],
  ['file-phone', 'Naar de diensten', 'visit.catalogue', {}],
  ['file-no-address', 'Naar de diensten', 'visit.catalogue', {}],
  ['file-first', 'Naar de diensten', 'visit.catalogue', {}],
  ['file-grant-ended', 'Geef uw pincode', 'file.again', { sources: [] }],
  ['file-line-gone', 'Vraag opnieuw', 'file.again', { sources: [] }],
  ['file-offline', 'Naar de diensten', 'visit.catalogue', {}],
  ['file-not-believed', 'Vraag opnieuw', 'file.again', { sources: [] }],
  ['roles', /^Voor mezelf/, 'file.act_as', { role: null }],
  ['roles', /^Ottilie Testmans/, 'file.act_as', { role: 1 }],
  ['roles', 'Terug', 'file.open', {}],
  ['file', 'Contact en voorkeuren', 'profile.open', {}],
  ['profile', 'Terug', 'file.open', {}],
  ['profile-empty', 'Terug', 'file.open', {}],
  ['profile-changed', 'Kijk of het al klaar is', 'profile.again', {}],
  ['profile-missed', 'Terug', 'file.open', {}],
  ['profile-asking', 'Terug', 'file.open', {}],
  ['profile-offline', 'Vraag opnieuw', 'profile.again', {}],
  ['profile-grant-ended', 'Geef uw pincode', 'profile.again', {}],
  ['profile-not-recorded', 'Vraag opnieuw', 'profile.again', {}],
  ['profile-not-recorded', 'Terug', 'file.open', {}],
  ['profile-typing', 'Stuur mij een code', 'profile.contact_value', { value: '' }],
  ['profile-typing', 'Terug', 'profile.contact_leave', {}],
  ['profile-typing-error', 'Stuur mij een code', 'profile.contact_value', { value: 'lotte@voorbeeld' }],
  ['profile-phone', 'Stuur mij een code', 'profile.contact_value', { value: '' }],
  ['profile-sending', 'Terug', 'profile.contact_leave', {}],
  ['profile-code', 'Bevestig', 'profile.contact_code', { code: '' }],
  ['profile-code', 'Stuur een nieuwe code', 'profile.contact_again', {}],
  ['profile-code-error', 'Stuur een nieuwe code', 'profile.contact_again', {}],
  ['profile-problem-line', 'Stuur een nieuwe code', 'profile.contact_again', {}],
  ['profile-problem-line', 'Terug', 'profile.contact_leave', {}],
  ['profile-problem-many', 'Terug', 'profile.contact_leave', {}],
  ['insert-card', 'Kies iets anders', 'visit.catalogue', {}],
  ['insert-card-left-in', 'Kies iets anders', 'visit.catalogue', {}],
  ['question-choice', 'Terug', 'form.back', {}],
  ['question-choice', 'Verder', 'form.answer', { page: 'purpose', answers: { purpose: '' } }],
  ['question-choice-error', 'Terug', 'form.back', {}],
  ['question-text', 'Terug', 'form.back', {}],
  ['question-text-error', 'Verder', 'form.answer', { page: 'street', answers: { streetAndNumber: '' } }],
  ['question-digits', 'Verder', 'form.answer', { page: 'town', answers: { postalCode: '' } }],
  ['question-date', 'Verder', 'form.answer', { page: 'from', answers: { from: '' } }],
  ['question-date-error', 'Verder', 'form.answer', { page: 'from', answers: { from: '2026-11-31' } }],
  ['question-long-text', 'Verder', 'form.answer', { page: 'place', answers: { street: 'Vlasblomstraat', place: '' } }],
  ['check', 'Verstuur mijn aanvraag', 'form.send', {}],
  ['check', 'Terug', 'form.back', {}],
  ['check', 'Wijzig: Postcode', 'form.change', { page: 'town' }],
  ['check-offline', 'Bewaar en verstuur later', 'form.send', {}],
  ['check-disk-full', 'Bewaar en verstuur later', 'form.send', {}],
  ['check-storage-failed', 'Verstuur mijn aanvraag', 'form.send', {}],
  ['check-invalid', 'Wijzig: Dag van verhuizing', 'form.change', { page: 'from' }],
  ['check-photos', 'Wijzig: Foto’s van uw papieren', 'form.change', { page: 'papers' }],
  ['form-choices', 'Terug', 'form.back', {}],
  ['form-choices-error', 'Terug', 'form.back', {}],
  ['form-yes-no', 'Terug', 'form.back', {}],
  ['form-iban-error', 'Terug', 'form.back', {}],
  ['form-amount', 'Terug', 'form.back', {}],
  ['form-phone-known', 'Terug', 'form.back', {}],
  ['form-email', 'Terug', 'form.back', {}],
  ['form-number-masked', 'Terug', 'form.back', {}],
  ['form-address', 'Terug', 'form.back', {}],
  ['form-address-streets', 'Terug', 'form.back', {}],
  ['form-address-unknown', 'Terug', 'form.back', {}],
  ['form-address-error', 'Terug', 'form.back', {}],
  ['form-place', 'Terug', 'form.back', {}],
  ['form-place-streets', 'Terug', 'form.back', {}],
  ['form-place', 'Wijs aan op de plattegrond', 'form.map', {}],
  ['form-place-pointed', 'Wijs aan op de plattegrond', 'form.map', {}],
  ['form-place-pointed', 'Terug', 'form.back', {}],
  ['form-rows-none', 'Terug', 'form.back', {}],
  ['form-rows', 'Terug', 'form.back', {}],
  ['form-rows-full', 'Terug', 'form.back', {}],
  ['form-row', 'Terug', 'form.back', {}],
  ['form-rows-none', 'Iemand toevoegen', 'form.row', { page: 'page', row: 0 }],
  ['photo-desk', 'Ik breng het mee naar de balie', 'form.answer', { page: 'papers', answers: { papers: 'to-desk' } }],
  ['photo-desk-chosen', 'Verder', 'form.answer', { page: 'papers', answers: {} }],
  ['check-price', 'Verstuur mijn aanvraag', 'form.send', {}],
  ['kept-pay', 'Nog iets regelen', 'visit.catalogue', {}],
  ['kept-pay-desk', 'Nog iets regelen', 'visit.catalogue', {}],
  ['photo-none', 'Verder zonder foto', 'form.answer', { page: 'papers', answers: {} }],
  ['photo-two', 'Verder met 2 foto’s', 'form.answer', { page: 'papers', answers: {} }],
  ['photo-ten', 'Verder met 10 foto’s', 'form.answer', { page: 'papers', answers: {} }],
  ['photo-sealing', 'Terug', 'form.back', {}],
  ['photo-error', 'Terug', 'form.back', {}],
  ['photo-not-added', 'Verder met 2 foto’s', 'form.answer', { page: 'papers', answers: {} }],
  ['check-pin-offered', 'Bevestigen met mijn pincode', 'sign_in.start', {}],
  ['check-pin-offered', 'Verstuur mijn aanvraag', 'form.send', {}],
  ['check-pin-confirmed', 'Verstuur mijn aanvraag', 'form.send', {}],
  ['check-signs', 'Naar het document', 'form.send', {}],
  ['check-anonymous', 'Wijzig: Straat en plek', 'form.change', { page: 'place' }],
  ['kept', 'Nog iets regelen', 'visit.catalogue', {}],
  ['kept', 'Sluit mijn bezoek', 'visit.stop', { why: 'stopped' }],
  ['kept-sending', 'Bent u dit niet?', 'visit.stop', { why: 'not_me' }],
  ['kept-received', 'Sluit mijn bezoek', 'visit.stop', { why: 'stopped' }],
  ['kept-receipt', 'Sluit mijn bezoek', 'visit.stop', { why: 'stopped' }],
  ['kept-needs-attention', 'Stop', 'visit.stop', { why: 'stopped' }],
  ['goodbye', 'Begin een nieuw bezoek', 'visit.begin', {}],
  ['goodbye', 'Ik schrijf nog', 'visit.stay', {}],
  ['goodbye-time', 'Ik schrijf nog', 'visit.stay', {}],
  ['goodbye-many', 'Ik schrijf nog', 'visit.stay', {}],
  ['goodbye-card-again', 'Begin een nieuw bezoek', 'visit.begin', {}],
  ['goodbye-card-out', 'Begin een nieuw bezoek', 'visit.begin', {}],
  ['goodbye-idle', 'Begin een nieuw bezoek', 'visit.begin', {}],
  ['goodbye-not-me', 'Begin een nieuw bezoek', 'visit.begin', {}],
  ['sign-in-preparing', 'Terug', 'sign_in.leave', {}],
  ['sign-in-pin-view', 'Terug', 'sign_in.leave', {}],
  ['sign-in-wrong-pin', 'Probeer opnieuw', 'sign_in.again', {}],
  ['sign-in-wrong-pin', 'Terug', 'sign_in.leave', {}],
  ['sign-in-wrong-pin-once', 'Probeer opnieuw', 'sign_in.again', {}],
  ['sign-in-wrong-pin-unknown', 'Probeer opnieuw', 'sign_in.again', {}],
  ['sign-in-pin-blocked', 'Terug', 'sign_in.leave', {}],
  ['sign-in-cancelled', 'Probeer opnieuw', 'sign_in.again', {}],
  ['sign-in-card-gone', 'Probeer opnieuw', 'sign_in.again', {}],
  ['sign-in-no-certificate', 'Terug', 'sign_in.leave', {}],
  ['sign-in-no-way', 'Terug', 'sign_in.leave', {}],
  ['sign-in-not-verified', 'Probeer opnieuw', 'sign_in.again', {}],
  ['sign-in-unsupported', 'Terug', 'sign_in.leave', {}],
  ['sign-in-answer-lost', 'Probeer opnieuw', 'sign_in.again', {}],
  ['sign-in-failed', 'Probeer opnieuw', 'sign_in.again', {}],
  ['sign-in-no-line', 'Probeer opnieuw', 'sign_in.again', {}],
  ['sign-in-certificate-not-proven', 'Terug', 'sign_in.leave', {}],
  ['sign-in-certificate-expired', 'Terug', 'sign_in.leave', {}],
  ['sign-in-revoked', 'Terug', 'sign_in.leave', {}],
  ['sign-in-revocation-unknown', 'Probeer opnieuw', 'sign_in.again', {}],
  ['sign-in-not-accepted', 'Probeer opnieuw', 'sign_in.again', {}],
  ['sign-in-without', 'Verder zonder pincode', 'sign_in.leave', {}],
  ['sign-in-without', 'Probeer opnieuw', 'sign_in.again', {}],
  ['sign-finding-out', 'Terug', 'sign.leave', {}],
  ['sign-preparing', 'Terug', 'sign.leave', {}],
  ['sign-read-pdf', /^Ik heb het gelezen en onderteken/, 'sign.start', {}],
  ['sign-read-pdf', 'Terug', 'sign.leave', {}],
  ['sign-read-pdf-dialog', /^Ik heb het gelezen en onderteken/, 'sign.start', {}],
  ['sign-read-text', /^Ik heb het gelezen en onderteken/, 'sign.start', {}],
  ['sign-read-offline', /^Ik heb het gelezen en onderteken/, 'sign.start', {}],
  ['sign-broken-pdf', 'Terug', 'sign.leave', {}],
  ['sign-wrong-pin', 'Probeer opnieuw', 'sign.again', {}],
  ['sign-wrong-pin', 'Terug', 'sign.leave', {}],
  ['sign-no-certificate', 'Terug', 'sign.leave', {}],
  ['sign-no-way', 'Terug', 'sign.leave', {}],
  ['sign-revoked', 'Terug', 'sign.leave', {}],
  ['cover-card-out', 'Sluit mijn bezoek nu', 'visit.stop', { why: 'stopped' }],
  ['cover-other-card', 'Sluit mijn bezoek nu', 'visit.stop', { why: 'stopped' }],
  ['cover-looking', 'Sluit mijn bezoek nu', 'visit.stop', { why: 'stopped' }],
  ['cover-no-reader', 'Sluit mijn bezoek nu', 'visit.stop', { why: 'stopped' }],
  ['cover-needs-attention', 'Sluit mijn bezoek nu', 'visit.stop', { why: 'stopped' }],
  ['cover-idle', 'Ja, ik ben er nog', 'visit.stay', {}],
  ['cover-idle', 'Sluit mijn bezoek nu', 'visit.stop', { why: 'stopped' }],
];

const atWork = [
  'sign-in-working',
  'sign-in-checking',
  'sign-in-pinpad',
  'sign-in-pinpad-tries',
  'sign-in-dialog',
  'sign-pinpad',
  'sign-dialog',
] as const;

describe('what a press asks', () => {
  it.each(presses)('%s: %s asks %s', async (view, button, command, input) => {
    const kiosk = renderKiosk(views[view]);
    await press(kiosk, button);
    expect(kiosk.asked()).toEqual([{ command, input }]);
  });

  it.each(atWork)('%s: the card or its reader is at work, so nothing can be asked of it here; help and stop stay', (view) => {
    renderKiosk(views[view]);
    expect(screen.getAllByRole('button').map((button) => button.textContent)).toEqual(['Hulp', 'Stop', 'Nederlands', 'Scherm en geluid']);
  });

  it.each(['sign-in-pinpad', 'sign-read-text'] as const)('%s: "stop" asks first, because answers would be lost', async (view) => {
    const kiosk = renderKiosk(views[view]);
    await press(kiosk, 'Stop');
    expect(kiosk.asked()).toEqual([]);
    await press(kiosk, 'Stop en wis alles');
    expect(kiosk.asked()).toEqual([{ command: 'visit.stop', input: { why: 'stopped' } }]);
  });

  it('is tried on every page that can be pressed', () => {
    const tried = new Set(presses.map(([view]) => view));
    const quiet: FixtureName[] = ['keeping', 'broken', 'broken-not-enrolled', 'broken-disk-full'];
    expect(fixtureNames.filter((name) => !tried.has(name)).sort()).toEqual([...quiet, ...atWork].sort());
  });

  it.each(['keeping', 'broken', 'broken-disk-full'] as const)('%s has nothing to press', (view) => {
    renderKiosk(views[view]);
    expect(screen.queryAllByRole('button').filter((button) => !/^Bent u dit niet/.test(button.textContent ?? ''))).toEqual([]);
  });

  it('offers help and another language at the goodbye too, and no "stop": there is nothing left to stop', async () => {
    const kiosk = renderKiosk(views.goodbye);
    expect(screen.queryByRole('button', { name: 'Stop' })).toBeNull();
    await press(kiosk, 'Hulp');
    await press(kiosk, 'Terug naar mijn scherm');
    await press(kiosk, 'Taal: Nederlands');
    await press(kiosk, 'Français');
    expect(kiosk.asked()).toEqual([{ command: 'visit.language', input: { language: 'fr' } }]);
  });

  it('cycles the four sizes of text', async () => {
    const kiosk = renderKiosk({ ...views.attract, display: { text: 4, theme: 'contrast' } });
    await press(kiosk, 'Kleinste tekst');
    expect(kiosk.asked()).toEqual([{ command: 'visit.display', input: { display: { text: 1, theme: 'contrast' } } }]);
  });

  it('presses nothing that is closed: a product for another card, a broken form', () => {
    renderKiosk(views['catalogue-closed']);
    expect(screen.queryByRole('button', { name: /Attest/ })).toBeNull();
    expect(screen.queryByRole('button', { name: /Adreswijziging/ })).toBeNull();
    expect(screen.getAllByText('Niet met deze kaart. De balie helpt u.').length).toBe(3);
    expect(screen.getAllByText('Dit werkt hier even niet. Dat ligt niet aan u. De balie helpt u.').length).toBe(2);
  });

  it('says of what this terminal cannot do now why, and leads to what can be done instead', () => {
    renderKiosk(views['catalogue-no-pin']);
    for (const name of [/Attest/, /Adreswijziging/]) expect(screen.getByRole('button', { name })).toBeTruthy();
    expect(screen.getAllByText('Nu niet: er is geen lijn. De balie helpt u.').length).toBe(3);
    expect(screen.getAllByText('Tekenen kan hier niet. De balie helpt u.').length).toBe(2);
  });

  it('works with keys alone: Tab and Enter reach and press everything on the page', async () => {
    const kiosk = renderKiosk(views.identity);
    const all = screen.getAllByRole('button');
    const reached = new Set<Element>();
    for (let step = 0; step <= all.length; step += 1) {
      await kiosk.user.tab();
      if (document.activeElement) reached.add(document.activeElement);
    }
    expect(all.filter((button) => !reached.has(button))).toEqual([]);
    screen.getByRole('button', { name: 'Dat ben ik, verder' }).focus();
    await kiosk.user.keyboard('{Enter}');
    expect(kiosk.asked()).toEqual([{ command: 'visit.continue', input: {} }]);
  });
});
