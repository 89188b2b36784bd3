import type { SourceText } from '../../contract/file.ts';
import type { Language } from '../../contract/language.ts';
import { readSourceText } from '../../contract/source-text.ts';

/** Words of a source, marked with their own language where that is not the page's, so that they are read aloud as what they are. */
export function Said({ text, language }: { text: SourceText; language: Language }) {
  const said = readSourceText(text, language);
  return said.language === language ? said.words : <span lang={said.language}>{said.words}</span>;
}
