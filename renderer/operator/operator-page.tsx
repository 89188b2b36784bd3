import type { OperatorView } from '../../contract/operator.ts';
import { unreachable } from '../../contract/result.ts';
import { Enrol } from './enrol.tsx';
import { SignIn } from './sign-in.tsx';
import { Status } from './status.tsx';

export function OperatorPage({ view }: { view: OperatorView }) {
  const { page } = view;
  switch (page.page) {
    case 'sign_in':
      return <SignIn view={view} page={page} />;
    case 'enrol':
      return <Enrol view={view} page={page} />;
    case 'status':
      return <Status view={view} page={page} />;
    default:
      return unreachable(page);
  }
}
