import type { Theme } from '../../contract/file.ts';

const each: Record<Theme, null> = {
  citizen_and_government: null,
  building_and_living: null,
  culture_sport_and_leisure: null,
  economy_and_work: null,
  environment_and_energy: null,
  mobility_and_public_works: null,
  education_and_science: null,
  welfare_health_and_family: null,
};

/** The contract's own list comes with its schema library, which the page cannot have. The type says that none is missing. */
export const themes = Object.keys(each) as Theme[];
