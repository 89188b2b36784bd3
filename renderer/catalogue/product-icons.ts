import type { ProductIcon } from '../../contract/catalogue.ts';
import type { Theme } from '../../contract/file.ts';
import {
  BankIcon,
  BicycleIcon,
  BriefcaseIcon,
  CertificateIcon,
  EyeIcon,
  GraduationCapIcon,
  HeartbeatIcon,
  HouseLineIcon,
  LeafIcon,
  MaskHappyIcon,
  type Pictogram,
  SignatureIcon,
  TrafficConeIcon,
  TruckIcon,
} from '../ui/icons.ts';

const own: Record<ProductIcon, Pictogram> = {
  certificate: CertificateIcon,
  move: TruckIcon,
  street: TrafficConeIcon,
  eye: EyeIcon,
  signature: SignatureIcon,
};

export const themeIcons: Record<Theme, Pictogram> = {
  citizen_and_government: BankIcon,
  building_and_living: HouseLineIcon,
  culture_sport_and_leisure: MaskHappyIcon,
  economy_and_work: BriefcaseIcon,
  environment_and_energy: LeafIcon,
  mobility_and_public_works: BicycleIcon,
  education_and_science: GraduationCapIcon,
  welfare_health_and_family: HeartbeatIcon,
};

export function productIcon({ icon, theme }: { icon: ProductIcon | null; theme: Theme }): Pictogram {
  return icon === null ? themeIcons[theme] : own[icon];
}
