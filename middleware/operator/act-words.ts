import type { Act } from '../operators/acts.ts';
import type { Tongue } from './words.ts';

/** What somebody did, as the end of a sentence that begins with their name. Dutch, French. */
const acts: Readonly<Record<Act, readonly [string, string]>> = {
  sign_in: ['meldde zich aan', 's’est connecté'],
  change_password: ['koos een nieuw wachtwoord', 'a choisi un nouveau mot de passe'],
  reset_password: ['maakte een nieuw eerste wachtwoord', 'a fait un nouveau premier mot de passe'],
  add_viewer: ['voegde een kijker toe', 'a ajouté un lecteur'],
  add_operator: ['voegde een bediener toe', 'a ajouté un opérateur'],
  add_admin: ['voegde een beheerder toe', 'a ajouté un administrateur'],
  make_viewer: ['gaf de rol van kijker', 'a donné le rôle de lecteur'],
  make_operator: ['gaf de rol van bediener', 'a donné le rôle d’opérateur'],
  make_admin: ['gaf de rol van beheerder', 'a donné le rôle d’administrateur'],
  disable: ['sloot iemand uit van aanmelden', 'a fermé l’accès à quelqu’un'],
  issue_enrolment_code: ['maakte een inschrijfcode', 'a fait un code d’inscription'],
  show_operator_code: ['bekeek de bedienercode', 'a consulté le code d’opérateur'],
  revoke_terminal: ['trok een terminal in', 'a révoqué un terminal'],
  deliver_export: ['leverde een meegebrachte wachtrij af', 'a livré une file apportée'],
  release_held: ['gaf vrij wat wachtte', 'a libéré ce qui attendait'],
  reject_copied_terminal: ['wees af: kwam van een kopie van de terminal', 'a rejeté : venait d’une copie du terminal'],
  reject_stolen_terminal: ['wees af: kwam van een gestolen terminal', 'a rejeté : venait d’un terminal volé'],
  reject_sent_twice: ['wees af: dezelfde aanvraag kwam nog eens', 'a rejeté : la même demande est venue une autre fois'],
  reject_trial: ['wees af: was een proef', 'a rejeté : était un essai'],
  switch_source_off: ['schakelde een bron uit', 'a désactivé une source'],
  switch_source_on: ['schakelde een bron weer in', 'a réactivé une source'],
  spoil_source: ['liet een bron van de demo falen', 'a fait échouer une source de la démo'],
  enrol: ['maakte een inschrijfcode, op de server', 'a fait un code d’inscription, sur le serveur'],
  revoke: ['trok een terminal in, op de server', 'a révoqué un terminal, sur le serveur'],
  'operator-add': ['voegde een medewerker toe, op de server', 'a ajouté un collaborateur, sur le serveur'],
  'operator-reset': ['maakte een nieuw eerste wachtwoord, op de server', 'a fait un nouveau premier mot de passe, sur le serveur'],
  'bundle-publish': ['gaf een nieuwe bundel uit', 'a publié un nouveau lot'],
  'backup-starts': ['begon een reservekopie', 'a commencé une copie de sauvegarde'],
  'backed-up': ['sloot een reservekopie af', 'a terminé une copie de sauvegarde'],
  restored: ['zette een reservekopie terug', 'a restauré une copie de sauvegarde'],
};

/** An act that a version after this one wrote is shown as it stands. */
export function sayAct(tongue: Tongue, act: string): string {
  const words = Object.hasOwn(acts, act) ? acts[act as Act][tongue === 'nl' ? 0 : 1] : act;
  return tongue === 'fr' ? words.replaceAll(' :', '\u00a0:') : words;
}
