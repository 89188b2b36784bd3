import { dayOf, makeVisible, type RequestDocument, shownValue } from './request-document.ts';

/**
 * A request as plain text, for forms that are signed as a JWS. Values are indented, line by line, so that no answer can
 * pass for a label or for the statement.
 */
export function makeRequestText(request: RequestDocument): string {
  const lines = request.lines.flatMap(({ label, value }) => [makeVisible(label), ...shownValue(value).split('\n').map(indent)]);
  const place = `${makeVisible(request.place)}, ${dayOf(request)}`;
  return [makeVisible(request.title), '', ...lines, '', makeVisible(request.statement), '', place, ''].join('\n');
}

function indent(line: string): string {
  return `    ${line}`;
}
