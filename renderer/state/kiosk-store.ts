import { create } from 'zustand';
import type { Theme } from '../../contract/file.ts';
import type { KioskView } from '../../contract/view.ts';

export type Overlay = 'help' | 'stop' | 'not_me' | 'language' | 'display';

/** What a person typed and main has not accepted yet, per page of one form. */
export type TypedText = { form: string; pages: Readonly<Record<string, Readonly<Record<string, string>>>> };

export type KeyboardOrder = 'azerty' | 'alphabet';

/** Small pictures of the photos that main has, by id. */
export type Thumbnails = Readonly<Record<string, string>>;

/** Where in the catalogue somebody looks. */
export type Browsing = { at: 'home' } | { at: 'search' } | { at: 'theme'; theme: Theme } | { at: 'events' };

type Local = {
  browsing: Browsing;
  query: string;
  overlay: Overlay | null;
  typed: TypedText | null;
  thumbnails: Thumbnails;
  keyboardOrder: KeyboardOrder;
};

export type KioskState = Local & {
  view: KioskView | null;
  takeView(view: KioskView): void;
  open(overlay: Overlay | null): void;
  type(place: { form: string; page: string }, field: string, text: string): void;
  /** Of the pages whose name begins so. */
  forgetTyped(page: string): void;
  remember(photo: string, thumbnail: string): void;
  orderKeys(order: KeyboardOrder): void;
  browse(browsing: Browsing): void;
  search(query: string): void;
};

const nothingLocal: Local = { browsing: { at: 'home' }, query: '', overlay: null, typed: null, thumbnails: {}, keyboardOrder: 'azerty' };

/** The newest view, and what belongs to the glass alone. Decides nothing; forgets everything when the visit changes. */
export const useKiosk = create<KioskState>()((set) => ({
  view: null,
  ...nothingLocal,
  takeView: (view) =>
    set((state) => {
      if (state.view && view.revision < state.view.revision) return state;
      return { view, ...keepLocal(state, view) };
    }),
  open: (overlay) => set({ overlay }),
  type: ({ form, page }, field, text) =>
    set(({ typed }) => {
      const pages = typed?.form === form ? typed.pages : {};
      return { typed: { form, pages: { ...pages, [page]: { ...pages[page], [field]: text } } } };
    }),
  forgetTyped: (page) =>
    set(({ typed }) => {
      if (!typed) return {};
      const pages = Object.entries(typed.pages).filter(([name]) => !name.startsWith(page));
      return { typed: { ...typed, pages: Object.fromEntries(pages) } };
    }),
  remember: (photo, thumbnail) => set(({ thumbnails }) => ({ thumbnails: { ...thumbnails, [photo]: thumbnail } })),
  orderKeys: (keyboardOrder) => set({ keyboardOrder }),
  browse: (browsing) => set({ browsing, query: '' }),
  search: (query) => set({ query }),
}));

function keepLocal(state: KioskState, next: KioskView): Local {
  const before = state.view;
  if (!before || before.visit !== next.visit) return nothingLocal;
  return {
    // A question about a page that is gone or covered answers itself.
    overlay: next.cover || before.screen.name !== next.screen.name ? null : state.overlay,
    typed: belongsTo(state.typed, next) ? state.typed : null,
    thumbnails: inForm.has(next.screen.name) ? state.thumbnails : {},
    keyboardOrder: state.keyboardOrder,
    // What was looked for was found: the next begins anew.
    ...(next.screen.name === 'kept' ? { browsing: nothingLocal.browsing, query: '' } : { browsing: state.browsing, query: state.query }),
  };
}

/** From one form to another there is no way past the catalogue. */
const inForm: ReadonlySet<string> = new Set<KioskView['screen']['name']>(['question', 'check', 'sign_in', 'sign']);

function belongsTo(typed: TypedText | null, { screen }: KioskView): boolean {
  return (screen.name === 'question' || screen.name === 'check') && screen.step.form === typed?.form;
}
