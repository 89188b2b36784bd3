import changeOfAddress from './definitions/change-of-address.json' with { type: 'json' };
import collectionProxy from './definitions/collection-proxy.json' with { type: 'json' };
import dataConsultations from './definitions/data-consultations.json' with { type: 'json' };
import honourStatement from './definitions/honour-statement.json' with { type: 'json' };
import mainResidenceCertificate from './definitions/main-residence-certificate.json' with { type: 'json' };
import streetDefect from './definitions/street-defect.json' with { type: 'json' };

/** The definitions that ship with the app. Later they come in signed bundles, through the same door. */
export const bundledForms: readonly unknown[] = [
  mainResidenceCertificate,
  changeOfAddress,
  streetDefect,
  collectionProxy,
  honourStatement,
  dataConsultations,
];
