import type { ItemSheet } from '../../contract/item-sheet.ts';

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const plainText = (text: string) => text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);

/** A page of paper. The title of the document is the same for everybody: printers keep it in their lists. */
export function drawSheet({ language, title, rows, foot }: ItemSheet): string {
  const drawn = rows.map(({ name, value }) => `<tr><th scope="row">${plainText(name)}</th><td>${plainText(value)}</td></tr>`).join('\n');
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><title>Loket</title>
<style>
body { font: 13pt/1.4 sans-serif; margin: 18mm; color: #000; }
h1 { font-size: 20pt; line-height: 1.2; margin: 0 0 8mm; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 2.5mm 4mm 2.5mm 0; text-align: left; vertical-align: top; border-bottom: 0.3mm solid #999; overflow-wrap: anywhere; }
th { width: 45mm; }
p { margin-top: 8mm; font-size: 11pt; }
</style></head>
<body><h1>${plainText(title)}</h1><table>${drawn}</table><p>${plainText(foot)}</p></body>
</html>
`;
}
