import * as z from 'zod';
import { belgianDayOf } from '../../contract/belgian-day.ts';
import { keyOfSubject, type SourceText, type Subject } from '../../contract/file.ts';
import type { Queries } from '../store/database.ts';
import type { ProductNames } from './product-names.ts';

const Row = z.object({
  case_id: z.string(),
  product: z.string(),
  status: z.enum(['open', 'awaiting_attachment', 'doubted', 'refused']),
  opened_at: z.date(),
  reference: z.string(),
  refusal: z.string().nullable(),
});

const columns = 'c.case_id::text, c.product, c.status, c.opened_at, c.refusal, i.reference FROM cases c JOIN inbox i ON i.tx_id = c.tx_id';
const shown = 2_000;

/**
 * What was sent through Loket and became a case, and in whose name. A person's own are those whose card proves that it is
 * theirs: a number that a record merely claims is nobody's. In another's name only who signed in or signed is believed.
 */
export async function readOwnCases(queries: Queries, subject: Subject, products: ProductNames): Promise<Record<string, unknown>[]> {
  const ofOthers = `SELECT ${columns} WHERE c.content ? 'actingAs' AND c.content->'actingAs'->>'kind' = $2
    AND coalesce(c.content->'actingAs'->>'enterpriseNumber', c.content->'actingAs'->>'ssin') = $1 AND c.trust IN ('authenticated', 'signed')`;
  // What was refused because somebody's mandate was over is in the file of whoever sent it too: else nobody would tell them.
  const own = `SELECT ${columns} WHERE c.holder = $1 AND $2 = 'person'
    AND (coalesce(c.content->'actingAs'->>'kind', 'self') = 'self' OR c.refusal = 'mandate_ended')`;
  const rows = await queries.query(`${own} UNION ALL ${ofOthers} ORDER BY opened_at DESC LIMIT $3::int`, [
    keyOfSubject(subject),
    subject.kind,
    shown,
  ]);
  return z
    .array(Row)
    .parse(rows)
    .map((row) => describeCase(row, subject, products(row.product)));
}

function describeCase(
  { case_id, status, opened_at, reference, refusal }: z.infer<typeof Row>,
  subject: Subject,
  product: SourceText | null,
): Record<string, unknown> {
  return {
    id: case_id,
    kind: 'dossier',
    subject,
    title: product ?? four('Uw aanvraag via Loket', 'Votre demande via Loket', 'Ihr Antrag über Loket', 'Your request through Loket'),
    theme: 'citizen_and_government',
    on: belgianDayOf(opened_at),
    number: reference,
    ...states[status],
    ...(refusal === 'mandate_ended' && { next: mandateEnded }),
  };
}

const mandateEnded = four(
  'De volmacht was voorbij toen we dit wilden uitvoeren. Wie het wil, vraagt het zelf of geeft opnieuw een volmacht.',
  'Le mandat avait pris fin quand nous avons voulu l’exécuter. La personne peut le demander elle-même ou redonner un mandat.',
  'Die Vollmacht war beendet, als wir dies ausführen wollten. Die Person kann es selbst beantragen oder neu bevollmächtigen.',
  'The mandate had ended when we were to carry this out. The person can ask for it, or give a mandate again.',
);

const states: Record<z.infer<typeof Row>['status'], { phase: string; status: SourceText; next: SourceText }> = {
  open: {
    phase: 'in_treatment',
    status: four('Ontvangen en geopend', 'Reçue et ouverte', 'Erhalten und geöffnet', 'Received and opened'),
    next: four(
      'De bevoegde dienst behandelt uw aanvraag en verwittigt u.',
      'Le service compétent traite votre demande et vous avertit.',
      'Der zuständige Dienst bearbeitet Ihren Antrag und gibt Ihnen Bescheid.',
      'The service in charge handles your request and lets you know.',
    ),
  },
  awaiting_attachment: {
    phase: 'assembling',
    status: four(
      'Een bijlage is nog onderweg',
      'Une annexe est encore en route',
      'Eine Anlage ist noch unterwegs',
      'An attachment is still on its way',
    ),
    next: four(
      'U hoeft niets te doen: de terminal stuurt de bijlage na.',
      'Vous ne devez rien faire : le terminal enverra l’annexe.',
      'Sie müssen nichts tun: Das Terminal schickt die Anlage nach.',
      'You need not do anything: the terminal sends the attachment later.',
    ),
  },
  doubted: {
    phase: 'in_treatment',
    status: four('Wordt nagekeken', 'En cours de vérification', 'Wird überprüft', 'Being checked'),
    next: four(
      'Een medewerker kijkt uw aanvraag na en neemt contact op als er iets ontbreekt.',
      'Un agent vérifie votre demande et vous contacte si quelque chose manque.',
      'Ein Mitarbeiter prüft Ihren Antrag und meldet sich, wenn etwas fehlt.',
      'A clerk checks your request and contacts you if something is missing.',
    ),
  },
  refused: {
    phase: 'finished',
    status: four('Niet aanvaard', 'Pas acceptée', 'Nicht angenommen', 'Not accepted'),
    next: four(
      'De handtekening was niet meer geldig. Ga naar het loket of teken opnieuw met een geldige kaart.',
      'La signature n’était plus valable. Passez au guichet ou signez à nouveau avec une carte valable.',
      'Die Unterschrift war nicht mehr gültig. Kommen Sie zum Schalter oder unterschreiben Sie mit einer gültigen Karte neu.',
      'The signature was not valid any more. Go to the desk, or sign again with a valid card.',
    ),
  },
};

function four(nl: string, fr: string, de: string, en: string): SourceText {
  return { nl, fr, de, en };
}
