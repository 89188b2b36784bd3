import type { AdminCommand } from '../admin/commands.ts';
import type { rejections } from '../operator/list-held.ts';
import type { Role } from './accounts.ts';

/** What staff can do that is written down. Each has its words in operator/act-words.ts. */
export type Act =
  | 'sign_in'
  | 'change_password'
  | 'reset_password'
  | `add_${Role}`
  | `make_${Role}`
  | 'disable'
  | 'issue_enrolment_code'
  | 'show_operator_code'
  | 'revoke_terminal'
  | 'deliver_export'
  | 'release_held'
  | `reject_${(typeof rejections)[number]}`
  | 'switch_source_off'
  | 'switch_source_on'
  | 'spoil_source'
  | AdminCommand['command'];
