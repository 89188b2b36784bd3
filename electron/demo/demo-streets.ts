import { AddressRegister, createStreetFinder } from '../../contract/address.ts';
import streets from './streets.json' with { type: 'json' };

/** Invented streets, in place of the copy that a bundle brings. */
export const demoStreets = createStreetFinder(AddressRegister.parse(streets));
