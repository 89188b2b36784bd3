import appointment from './definitions/appointment.json' with { type: 'json' };
import changeOfAddress from './definitions/change-of-address.json' with { type: 'json' };
import civilCertificate from './definitions/civil-certificate.json' with { type: 'json' };
import collectionProxy from './definitions/collection-proxy.json' with { type: 'json' };
import dataConsultations from './definitions/data-consultations.json' with { type: 'json' };
import eventReport from './definitions/event-report.json' with { type: 'json' };
import hallLoan from './definitions/hall-loan.json' with { type: 'json' };
import honourStatement from './definitions/honour-statement.json' with { type: 'json' };
import householdComposition from './definitions/household-composition.json' with { type: 'json' };
import libraryMembership from './definitions/library-membership.json' with { type: 'json' };
import mainResidenceCertificate from './definitions/main-residence-certificate.json' with { type: 'json' };
import otherSubsidy from './definitions/other-subsidy.json' with { type: 'json' };
import residentParkingPermit from './definitions/resident-parking-permit.json' with { type: 'json' };
import streetDefect from './definitions/street-defect.json' with { type: 'json' };
import streetPartySubsidy from './definitions/street-party-subsidy.json' with { type: 'json' };
import wasteContainer from './definitions/waste-container.json' with { type: 'json' };

/** The definitions that ship with the app; newer ones come in signed bundles, through the same door. */
export const bundledForms: readonly unknown[] = [
  mainResidenceCertificate,
  changeOfAddress,
  streetDefect,
  collectionProxy,
  honourStatement,
  dataConsultations,
  householdComposition,
  civilCertificate,
  residentParkingPermit,
  wasteContainer,
  eventReport,
  streetPartySubsidy,
  otherSubsidy,
  appointment,
  libraryMembership,
  hallLoan,
];
