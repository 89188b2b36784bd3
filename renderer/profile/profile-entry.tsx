import { ask } from '../api.ts';
import { Say } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { AddressBookIcon } from '../ui/icons.ts';

/** From the file to how the person is reached. */
export function ProfileEntry() {
  return (
    <Button size="small" before={AddressBookIcon} onPress={() => ask('profile.open', {})}>
      <Say id="profile.name" />
    </Button>
  );
}
