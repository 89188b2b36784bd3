import { unreachable } from '../../contract/result.ts';
import type { KioskView } from '../../contract/view.ts';
import { AttractScreen } from './attract.tsx';
import { BrokenScreen } from './broken.tsx';
import { CardRefusedScreen } from './card-refused.tsx';
import { CatalogueScreen } from './catalogue.tsx';
import { CheckScreen } from './check.tsx';
import { CoverScreen } from './covers.tsx';
import { FileScreen } from './file.tsx';
import { GoodbyeScreen } from './goodbye.tsx';
import { IdentityScreen } from './identity.tsx';
import { InsertCardScreen } from './insert-card.tsx';
import { KeepingScreen } from './keeping.tsx';
import { KeptScreen } from './kept.tsx';
import { ProductScreen } from './product.tsx';
import { ProfileScreen } from './profile.tsx';
import { QuestionScreen } from './question.tsx';
import { ReadingScreen } from './reading.tsx';
import { RolesScreen } from './roles.tsx';
import { SignScreen } from './sign.tsx';
import { SignInScreen } from './sign-in.tsx';

/** Main says which situation this is; each has one component. A new page is a new component, so it begins afresh. */
export function KioskScreen({ view }: { view: KioskView }) {
  const { screen, cover } = view;
  if (cover) return <CoverScreen key={cover.kind} view={view} cover={cover} />;
  const place = `${view.visit}/${screen.name}`;
  switch (screen.name) {
    case 'attract':
      return <AttractScreen key={place} view={view} screen={screen} />;
    case 'reading':
      return <ReadingScreen key={place} view={view} />;
    case 'identity':
      return <IdentityScreen key={place} view={view} screen={screen} />;
    case 'card_refused':
      return <CardRefusedScreen key={`${place}/${screen.reason}`} view={view} screen={screen} />;
    case 'catalogue':
      return <CatalogueScreen key={place} view={view} screen={screen} />;
    case 'product':
      return <ProductScreen key={`${place}/${screen.id}`} view={view} screen={screen} />;
    case 'insert_card':
      return <InsertCardScreen key={place} view={view} screen={screen} />;
    case 'question':
      return <QuestionScreen key={`${place}/${screen.step.form}/${screen.page}`} view={view} screen={screen} />;
    case 'check':
      return <CheckScreen key={place} view={view} screen={screen} />;
    case 'sign_in':
      return <SignInScreen key={`${place}/${screen.stage}`} view={view} screen={screen} />;
    case 'sign':
      return <SignScreen key={`${place}/${screen.stage}`} view={view} screen={screen} />;
    case 'file':
      return <FileScreen key={place} view={view} screen={screen} />;
    case 'profile':
      return <ProfileScreen key={place} view={view} screen={screen} />;
    case 'roles':
      return <RolesScreen key={place} view={view} screen={screen} />;
    case 'keeping':
      return <KeepingScreen key={place} view={view} screen={screen} />;
    case 'kept':
      return <KeptScreen key={`${place}/${screen.ticket.reference}`} view={view} screen={screen} />;
    case 'goodbye':
      return <GoodbyeScreen key={place} view={view} screen={screen} />;
    case 'broken':
      return <BrokenScreen key={place} view={view} screen={screen} />;
    default:
      return unreachable(screen);
  }
}
