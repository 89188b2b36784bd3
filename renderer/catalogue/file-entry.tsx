import { ask } from '../api.ts';
import { Say } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { ArrowRightIcon, FolderOpenIcon } from '../ui/icons.ts';

/** The way to "my file", above everything else. */
export function FileEntry() {
  return (
    <Button className="product" before={FolderOpenIcon} after={ArrowRightIcon} spread onPress={() => ask('file.open', {})}>
      <span className="product__text">
        <strong>
          <Say id="file.open" />
        </strong>
        <span>
          <Say id="file.openSay" />
        </span>
      </span>
    </Button>
  );
}
