import { beforeEach, describe, expect, it } from 'vitest';
import type { KioskView } from '../../contract/view.ts';
import { makeViews } from '../fixtures/views.ts';
import { useKiosk } from './kiosk-store.ts';
import { losesAnswers } from './loses-answers.ts';

const views = makeViews('nl');
const question = { ...views['question-text'], visit: 'v1' };
const place = { form: 'change-of-address', page: 'street' };

function take(view: KioskView, revision: number): void {
  useKiosk.getState().takeView({ ...view, revision });
}

beforeEach(() => useKiosk.setState(useKiosk.getInitialState(), true));

describe('the newest view', () => {
  it('is kept; an older one that comes late is dropped', () => {
    take(question, 5);
    take({ ...views.kept, visit: 'v1' }, 4);
    expect(useKiosk.getState().view?.screen.name).toBe('question');
    take({ ...views.kept, visit: 'v1' }, 6);
    expect(useKiosk.getState().view?.screen.name).toBe('kept');
  });
});

describe('what is typed', () => {
  it('stays while the form is open: other pages, the check page, a cover', () => {
    take(question, 1);
    useKiosk.getState().type(place, 'streetAndNumber', 'Vlasblom');
    take({ ...views['question-digits'], visit: 'v1' }, 2);
    take({ ...views['cover-card-out'], visit: 'v1' }, 3);
    take({ ...views.check, visit: 'v1' }, 4);
    expect(useKiosk.getState().typed?.pages.street).toEqual({ streetAndNumber: 'Vlasblom' });
  });

  it('is forgotten with the form', () => {
    take(question, 1);
    useKiosk.getState().type(place, 'streetAndNumber', 'Vlasblom');
    take({ ...views.catalogue, visit: 'v1' }, 2);
    expect(useKiosk.getState().typed).toBeNull();
  });

  it('is forgotten in another form that has a page of the same name', () => {
    take(question, 1);
    useKiosk.getState().type(place, 'streetAndNumber', 'Vlasblom');
    useKiosk.getState().type({ ...place, form: 'street-defect' }, 'place', 'Ginder');
    expect(useKiosk.getState().typed).toEqual({ form: 'street-defect', pages: { street: { place: 'Ginder' } } });
  });

  it.each([
    ['another visit', { ...question, visit: 'v2' }],
    ['the end of the visit', views.goodbye],
  ])('is forgotten, with everything local, at %s', (_what, next) => {
    take(question, 1);
    useKiosk.getState().type(place, 'streetAndNumber', 'Vlasblom');
    useKiosk.getState().orderKeys('alphabet');
    useKiosk.getState().open('display');
    take(next, 2);
    expect(useKiosk.getState()).toMatchObject({ typed: null, keyboardOrder: 'azerty', overlay: null });
  });
});

describe('where in the catalogue somebody looks', () => {
  it('stays while a product is looked at, and begins anew once something was kept', () => {
    take(views.catalogue, 1);
    useKiosk.getState().browse({ at: 'search' });
    useKiosk.getState().search('verhuis');
    take({ ...views.product, visit: views.catalogue.visit }, 2);
    expect(useKiosk.getState()).toMatchObject({ browsing: { at: 'search' }, query: 'verhuis' });
    take({ ...views.kept, visit: views.catalogue.visit }, 3);
    expect(useKiosk.getState()).toMatchObject({ browsing: { at: 'home' }, query: '' });
  });
});

describe('what lies over the page', () => {
  it('stays through a change of language, and goes with the page or under a cover', () => {
    take(question, 1);
    useKiosk.getState().open('language');
    take({ ...makeViews('fr')['question-text'], visit: 'v1' }, 2);
    expect(useKiosk.getState().overlay).toBe('language');
    take({ ...views['cover-idle'], screen: question.screen, visit: 'v1' }, 3);
    expect(useKiosk.getState().overlay).toBeNull();
    useKiosk.getState().open('stop');
    take({ ...views.kept, visit: 'v1' }, 4);
    expect(useKiosk.getState().overlay).toBeNull();
  });
});

describe('losing answers', () => {
  it('is possible where something was filled in, and nowhere else', () => {
    expect(losesAnswers(views.check, null)).toBe(true);
    expect(losesAnswers(views['question-digits'], null)).toBe(true);
    expect(losesAnswers(views['question-text'], null)).toBe(false);
    expect(losesAnswers(views['question-text'], { form: 'change-of-address', pages: { street: { streetAndNumber: '' } } })).toBe(false);
    expect(losesAnswers(views['question-text'], { form: 'change-of-address', pages: { street: { streetAndNumber: 'V' } } })).toBe(true);
    expect(losesAnswers(views.kept, null)).toBe(false);
    expect(losesAnswers(views.catalogue, null)).toBe(false);
  });
});
