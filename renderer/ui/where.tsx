import type { FormStep } from '../../contract/view.ts';
import { Say } from '../i18n/words.tsx';
import { Steps } from './steps.tsx';

/** Where in the form this is. `done`: all steps are behind. */
export function Where({ step, done }: { step: Pick<FormStep, 'title' | 'at' | 'of'>; done?: boolean }) {
  return (
    <div className="where">
      <p className="where__line">
        <strong>{step.title}</strong>
        <span>{done ? <Say id="where.done" /> : <Say id="where.step" values={{ at: step.at, of: step.of }} />}</span>
      </p>
      <Steps at={done ? step.of + 1 : step.at} of={step.of} />
    </div>
  );
}
