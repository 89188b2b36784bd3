import { sourceWords } from './source-words.ts';

/** Nouns and sentences of the operator's pages. Dutch, French. */
const pairs = {
  ...sourceWords,
  middleware: ['Middleware', 'Middleware'],
  arrivals: ['Wat binnenkomt', 'Ce qui arrive'],
  terminals: ['Terminals', 'Terminaux'],
  held: ['Wacht op u', 'En attente de vous'],
  exports: ['Meegebrachte wachtrij', 'File apportée'],
  operators: ['Medewerkers', 'Collaborateurs'],
  acts: ['Wie deed wat', 'Qui a fait quoi'],
  password: ['Wachtwoord', 'Mot de passe'],
  signIn: ['Aanmelden', 'Se connecter'],
  signOut: ['Afmelden', 'Se déconnecter'],
  name: ['Naam', 'Nom'],
  signInWrong: [
    'Deze naam en dit wachtwoord horen niet bij elkaar. Probeer het opnieuw, of vraag een beheerder een nieuw wachtwoord.',
    'Ce nom et ce mot de passe ne vont pas ensemble. Réessayez, ou demandez un nouveau mot de passe à un administrateur.',
  ],
  signInBusy: [
    'De server is bezig met veel aanmeldingen. Probeer het over tien seconden opnieuw.',
    'Le serveur traite beaucoup de connexions. Réessayez dans dix secondes.',
  ],
  signInWait: [
    'Er werd te vaak geprobeerd. Wacht een minuut en probeer het opnieuw.',
    'Il y a eu trop d’essais. Attendez une minute et réessayez.',
  ],
  notAllowed: ['Uw rol reikt niet tot hier. Vraag het aan een beheerder.', 'Votre rôle ne va pas jusqu’ici. Demandez à un administrateur.'],
  notFromHere: [
    'Deze opdracht kwam niet van deze pagina’s, dus is er niets gedaan. Ga terug en probeer het opnieuw.',
    'Cette demande ne venait pas de ces pages, donc rien n’a été fait. Revenez en arrière et réessayez.',
  ],
  notUnderstood: [
    'Dat is niet begrepen, dus is er niets gedaan. Ga terug en kijk na wat u invulde.',
    'Ce n’est pas compris, donc rien n’a été fait. Revenez en arrière et vérifiez ce que vous avez rempli.',
  ],
  currentPassword: ['Huidig wachtwoord', 'Mot de passe actuel'],
  newPassword: ['Nieuw wachtwoord, minstens 12 tekens', 'Nouveau mot de passe, au moins 12 signes'],
  againPassword: ['Nog eens het nieuwe', 'Encore une fois le nouveau'],
  changePassword: ['Wijzig wachtwoord', 'Changer le mot de passe'],
  mustChange: [
    'Iemand anders maakte uw wachtwoord. Kies er een dat alleen u kent.',
    'Quelqu’un d’autre a fait votre mot de passe. Choisissez-en un que vous seul connaissez.',
  ],
  passwordWrong: ['Het huidige wachtwoord klopt niet.', 'Le mot de passe actuel n’est pas correct.'],
  passwordShort: [
    'Het nieuwe wachtwoord heeft minstens 12 tekens nodig, en is een ander dan het huidige.',
    'Le nouveau mot de passe a besoin d’au moins 12 signes, et diffère de l’actuel.',
  ],
  passwordDiffers: ['De twee nieuwe wachtwoorden zijn niet gelijk.', 'Les deux nouveaux mots de passe ne sont pas pareils.'],
  terminal: ['Terminal', 'Terminal'],
  standing: ['Toestand', 'État'],
  active: ['In dienst', 'En service'],
  held_revoked: ['Ingetrokken: wat het brengt, wacht op u', 'Révoqué : ce qu’il apporte vous attend'],
  held_expired: ['Certificaat verlopen: wat het brengt, wacht op u', 'Certificat expiré : ce qu’il apporte vous attend'],
  held_forked: [
    'Twee kopieën gezien: wat zij brengen, wacht op u. Schrijf de echte opnieuw in.',
    'Deux copies vues : ce qu’elles apportent vous attend. Réinscrivez la vraie.',
  ],
  until: ['Certificaat tot', 'Certificat jusqu’au'],
  noTerminals: ['Nog geen terminal ingeschreven.', 'Aucun terminal inscrit pour le moment.'],
  terminalsCaption: ['Ingeschreven terminals, op naam.', 'Terminaux inscrits, par nom.'],
  showCode: ['Toon bedienercode', 'Montrer le code d’opérateur'],
  operatorCode: ['Bedienercode', 'Code d’opérateur'],
  codeHolds: ['Geldig voor nog {n} seconden, op de terminal zelf.', 'Valable encore {n} secondes, sur le terminal lui-même.'],
  revoke: ['Trek in', 'Révoquer'],
  sureRevoke: [
    'Ingetrokken krijgt {terminal} niets meer, en wat het nog brengt, wacht op een bediener. Terug in dienst komt het alleen met een nieuwe code.',
    'Révoqué, {terminal} ne reçoit plus rien, et ce qu’il apporte encore attend un opérateur. Il ne revient en service qu’avec un nouveau code.',
  ],
  enrol: ['Schrijf een terminal in', 'Inscrire un terminal'],
  terminalId: ['Kenteken (kleine letters, cijfers, -)', 'Identifiant (minuscules, chiffres, -)'],
  terminalName: ['Naam voor het personeel', 'Nom pour le personnel'],
  makeCode: ['Maak een code', 'Faire un code'],
  enrolmentCode: ['Inschrijfcode', 'Code d’inscription'],
  enrolmentCodeHow: [
    'Typ deze code op {terminal}. Ze werkt één keer, tot {until}, en wordt hier niet meer getoond.',
    'Tapez ce code sur {terminal}. Il marche une fois, jusqu’au {until}, et n’est plus montré ici.',
  ],
  heldCaption: [
    'Ontvangen en bewaard, nog niet uitgevoerd, omdat er twijfel is over de terminal. Geen namen en geen nummers van burgers.',
    'Reçu et conservé, pas encore exécuté, parce qu’il y a un doute sur le terminal. Ni noms ni numéros de citoyens.',
  ],
  heldNone: ['Er wacht niets op u.', 'Rien ne vous attend.'],
  delivery: ['Levering', 'Livraison'],
  records: ['Aanvragen', 'Demandes'],
  received: ['Ontvangen', 'Reçu'],
  release: ['Geef vrij', 'Libérer'],
  releaseHow: [
    'De aanvragen worden dan uitgevoerd. Doe het pas als u weet dat ze van deze terminal komen.',
    'Les demandes sont alors exécutées. Faites-le seulement quand vous savez qu’elles viennent de ce terminal.',
  ],
  releaseInDoubt: [
    'Er is nog twijfel over deze terminal. Schrijf hem eerst opnieuw in, of wees zeker dat deze aanvragen van hem komen. Daarna worden ze uitgevoerd.',
    'Il y a encore un doute sur ce terminal. Réinscrivez-le d’abord, ou soyez certain que ces demandes viennent de lui. Elles sont ensuite exécutées.',
  ],
  releaseLeft: [
    'Iemand anders besliste intussen over een deel van deze aanvragen. Kijk de lijst opnieuw na.',
    'Quelqu’un d’autre a décidé entre-temps d’une partie de ces demandes. Consultez à nouveau la liste.',
  ],
  whyHeld: ['Waarom', 'Pourquoi'],
  queueForked: [
    'Van deze wachtrij zijn twee kopieën gezien. De terminal is intussen opnieuw ingeschreven.',
    'Deux copies de cette file ont été vues. Le terminal a été réinscrit entre-temps.',
  ],
  wasInDoubt: [
    'Er was twijfel over de terminal toen dit aankwam. Nu is hij weer in dienst.',
    'Il y avait un doute sur le terminal à l’arrivée. Il est maintenant de nouveau en service.',
  ],
  unopened: ['Niet te openen', 'Impossibles à ouvrir'],
  unopenedCaption: [
    'Ontvangen en bewaard, maar niet te openen of te lezen. Wat er in dezelfde zaak op volgt, wacht mee.',
    'Reçu et conservé, mais impossible à ouvrir ou à lire. Ce qui suit dans le même dossier attend aussi.',
  ],
  tryAgain: ['Probeer opnieuw', 'Réessayer'],
  tryAgainHow: [
    'Zinvol na een nieuwe versie, of nadat een ontbrekende sleutel is teruggezet.',
    'Utile après une nouvelle version, ou après la remise d’une clé manquante.',
  ],
  reject: ['Wijs af', 'Rejeter'],
  rejectHow: [
    'Wordt nooit uitgevoerd. De verzegelde aanvraag en het ontvangstbewijs blijven bewaard, met uw naam en uw reden. Verwittig de burger: de middleware doet dat niet.',
    'Ne sera jamais exécuté. La demande scellée et l’accusé de réception restent conservés, avec votre nom et votre raison. Prévenez le citoyen : la middleware ne le fait pas.',
  ],
  rejectWhy: ['Reden', 'Raison'],
  reject_copied_terminal: ['kwam van een kopie van de terminal', 'venait d’une copie du terminal'],
  reject_stolen_terminal: ['kwam van een gestolen terminal', 'venait d’un terminal volé'],
  reject_sent_twice: ['dezelfde aanvraag kwam nog eens', 'la même demande est venue une autre fois'],
  reject_trial: ['was een proef', 'était un essai'],
  exportHow: [
    'Een bediener bracht op een stick mee wat op een terminal wachtte. Het blijft verzegeld, en wordt nagekeken alsof het over de lijn kwam.',
    'Un opérateur a apporté sur une clé ce qui attendait sur un terminal. Cela reste scellé, et est vérifié comme si c’était venu par la ligne.',
  ],
  exportFile: ['Map van de terminal', 'Dossier du terminal'],
  exportSend: ['Lever af', 'Livrer'],
  exportNoScript: [
    'Deze pagina heeft JavaScript nodig om het bestand te lezen.',
    'Cette page a besoin de JavaScript pour lire le fichier.',
  ],
  exportNotOne: [
    'In deze map staat geen wachtrij van een terminal. Kies de map die de terminal maakte.',
    'Ce dossier ne contient pas la file d’un terminal. Choisissez le dossier que le terminal a fait.',
  ],
  exportCut: [
    'Dit bestand is niet heel: het einde ontbreekt. Er is niets afgeleverd. Laat het op de terminal opnieuw schrijven.',
    'Ce fichier n’est pas entier : la fin manque. Rien n’a été livré. Faites-le écrire à nouveau sur le terminal.',
  ],
  exportProgress: ['{n} van {m} delen nagekeken', '{n} parties sur {m} vérifiées'],
  exportDone: [
    'Klaar. Aanvragen ontvangen: {n}, waarvan er {h} op u wachten. Geweigerd: {r}; die blijven op de terminal. Bijlagen ontvangen: {a}, niet ontvangen: {b}.',
    'Terminé. Demandes reçues : {n}, dont en attente de vous : {h}. Refusées : {r} ; elles restent sur le terminal. Annexes reçues : {a}, pas reçues : {b}.',
  ],
  exportStopped: [
    'Het afleveren is gestopt. Wat ontvangen was, is bewaard; lever de map gerust nog eens af.',
    'La livraison s’est arrêtée. Ce qui était reçu est conservé ; livrez le dossier encore une fois sans crainte.',
  ],
  role: ['Rol', 'Rôle'],
  viewer: ['Kijker', 'Lecteur'],
  operator: ['Bediener', 'Opérateur'],
  admin: ['Beheerder', 'Administrateur'],
  disabled: ['Uitgeschakeld', 'Désactivé'],
  enabled: ['Mag aanmelden', 'Peut se connecter'],
  change: ['Wijzig', 'Modifier'],
  mayEnter: ['Mag aanmelden', 'Peut se connecter'],
  newFirstPassword: ['Nieuw eerste wachtwoord', 'Nouveau premier mot de passe'],
  addOperator: ['Voeg iemand toe', 'Ajouter quelqu’un'],
  operatorName: ['Naam (kleine letters, cijfers, . -)', 'Nom (minuscules, chiffres, . -)'],
  add: ['Voeg toe', 'Ajouter'],
  operatorTaken: ['Deze naam bestaat al.', 'Ce nom existe déjà.'],
  firstPassword: ['Eerste wachtwoord van {name}', 'Premier mot de passe de {name}'],
  firstPasswordHow: [
    'Geef het persoonlijk door. Na de eerste aanmelding kiest {name} een ander. Het wordt hier niet meer getoond.',
    'Remettez-le en personne. Après la première connexion, {name} en choisit un autre. Il n’est plus montré ici.',
  ],
  yourself: ['uzelf', 'vous-même'],
  back: ['Terug', 'Retour'],
  when: ['Wanneer', 'Quand'],
  who: ['Wie', 'Qui'],
  act: ['Wat', 'Quoi'],
  subject: ['Waarover', 'À propos de'],
  actsCaption: ['De laatste 200, nieuwste eerst.', 'Les 200 derniers, le plus récent d’abord.'],
  totalReceived: ['Ontvangen', 'Reçues'],
  totalExecuted: ['Uitgevoerd', 'Exécutées'],
  totalHeld: ['Wacht op u', 'Vous attendent'],
  totalQuarantined: ['In quarantaine', 'En quarantaine'],
  asOf: ['Stand van', 'État à'],
  moment: ['even geduld', 'un instant'],
  silent: [
    'De middleware antwoordt niet. Wat hier staat, is van de laatste keer dat zij antwoordde.',
    'La middleware ne répond pas. Ce qui est ici date de sa dernière réponse.',
  ],
  arrivalsNone: [
    'Nog niets ontvangen. Wat een kiosk doorstuurt, verschijnt hier vanzelf.',
    'Rien reçu pour le moment. Ce qu’une borne envoie apparaît ici tout seul.',
  ],
  arrivalsCaption: [
    'De laatste 100, nieuwste eerst. Geen namen en geen nummers van burgers.',
    'Les 100 derniers, le plus récent d’abord. Ni noms ni numéros de citoyens.',
  ],
  reference: ['Referentie', 'Référence'],
  product: ['Product', 'Produit'],
  outcome: ['Wat ermee gebeurde', 'Ce qu’il en advint'],
  times: ['Keer uitgevoerd', 'Fois exécutée'],
  stillSealed: ['nog verzegeld', 'encore scellée'],
  isReceived: ['Ontvangen, wacht op verwerking', 'Reçue, en attente de traitement'],
  isHeld: ['Ontvangen, wacht op u', 'Reçue, vous attend'],
  isExecuted: ['Uitgevoerd', 'Exécutée'],
  isAwaiting: ['Dossier geopend, wacht op bijlagen', 'Dossier ouvert, attend des annexes'],
  isDoubted: ['Dossier geopend, bewijs klopt niet: kijk het na', 'Dossier ouvert, preuve douteuse : à vérifier'],
  isQuarantined: ['In quarantaine: {reason}', 'En quarantaine : {reason}'],
  isPostponed: [
    'Ontvangen, wacht tot de handtekening nagevraagd kan worden',
    'Reçue, attend que la signature puisse être vérifiée auprès de l’autorité',
  ],
  isRejected: ['Afgewezen: {reason}', 'Rejetée : {reason}'],
  isRefused: ['Dossier geweigerd: {reason}', 'Dossier refusé : {reason}'],
  signature_revoked: ['het certificaat was al ingetrokken toen er getekend werd', 'le certificat était déjà révoqué lors de la signature'],
  mandate_ended: ['de volmacht was voorbij toen dit uitgevoerd zou worden', 'le mandat avait pris fin au moment de l’exécution'],
  cannot_open: ['kan niet worden geopend', 'ne peut être ouverte'],
  not_json: ['de inhoud is niet leesbaar', 'le contenu est illisible'],
  wrong_shape: ['de inhoud is onvolledig of onbekend', 'le contenu est incomplet ou inconnu'],
  not_this_envelope: ['de inhoud hoort bij een andere omslag', 'le contenu va avec une autre enveloppe'],
  not_storable: ['de inhoud bevat tekens die niet bewaard kunnen worden', 'le contenu a des signes qui ne peuvent être conservés'],
  reasonUnknown: ['reden onbekend', 'raison inconnue'],
  otherLanguage: ['Français', 'Nederlands'],
  demo: ['Verzonnen gegevens', 'Données inventées'],
  keysLate: ['De sleutels zijn aan vervanging toe: admin.ts keys rotate.', 'Les clés doivent être remplacées : admin.ts keys rotate.'],
} as const satisfies Record<string, readonly [string, string]>;

export type Tongue = 'nl' | 'fr';
export type Word = keyof typeof pairs;
export type Words = (word: Word, fill?: Record<string, string | number>) => string;

/** French puts a space that does not break before `:` `;` `?` `!`. */
export function wordsIn(tongue: Tongue): Words {
  return (word, fill = {}) => {
    const text: string = pairs[word][tongue === 'nl' ? 0 : 1];
    const filled = text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(fill[name] ?? ''));
    return tongue === 'fr' ? filled.replaceAll(/ ([:;?!])/g, '\u00a0$1') : filled;
  };
}
