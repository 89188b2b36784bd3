#include "module.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/*
 * Where the library asks for the PIN itself. Its dialog is a program that it starts and waits for, the one lock held
 * (CL:dialogs; P:general.c's mutex); a pinpad waits inside the reader. A person's keys come from the file `keys`.
 */
enum keys { KEYS_RIGHT, KEYS_WRONG, KEYS_CANCEL, KEYS_NONE };

/* A press is kept until somebody waits for one, and taken by whoever renames it first. */
static enum keys take_keys(void) {
  char path[1200];
  char mine[1300];
  char word[16] = "";
  if (!world_path(path, sizeof path, NULL, "keys")) return KEYS_NONE;
  snprintf(mine, sizeof mine, "%s.%ld", path, (long)getpid());
  if (rename(path, mine) != 0) return KEYS_NONE;
  FILE *file = fopen(mine, "re");
  if (file != NULL) {
    if (fscanf(file, "%15s", word) != 1) word[0] = 0;
    fclose(file);
  }
  unlink(mine);
  if (strcmp(word, "right") == 0) return KEYS_RIGHT;
  return strcmp(word, "wrong") == 0 ? KEYS_WRONG : KEYS_CANCEL;
}

/* Times out as a cancelled one does: CKR_FUNCTION_CANCELED either way. */
static enum keys wait_at_pinpad(const struct card *card, long timeout_us) {
  journal("wait", "pinpad", "");
  const int64_t until = now_us() + timeout_us;
  enum keys keys = KEYS_NONE;
  while (keys == KEYS_NONE && card_is_in(card)) {
    keys = take_keys();
    if (keys == KEYS_NONE && now_us() >= until) return KEYS_CANCEL;
    slots_touch_power();
    if (keys == KEYS_NONE) nap(3000);
  }
  return keys;
}

/* The dialog stays when the card is pulled; the library notices afterwards. */
static enum keys wait_at_dialog(const struct world *world) {
  journal("wait", "dialog", "");
  const int64_t until = now_us() + world->dialog_us;
  for (;;) {
    const enum keys keys = world->dialogs == DIALOGS_ANSWERED ? take_keys() : KEYS_NONE;
    if (keys != KEYS_NONE) return keys;
    if (world->dialogs == DIALOGS_UNANSWERED && now_us() >= until) return KEYS_CANCEL;
    slots_touch_power();
    nap(3000);
  }
}

CK_RV pin_answer(enum pin_result result) {
  switch (result) {
    case PIN_RIGHT:
      return CKR_OK;
    case PIN_WRONG:
      return CKR_PIN_INCORRECT;
    case PIN_BLOCKED:
      return CKR_PIN_LOCKED;
    default:
      return CKR_DEVICE_ERROR;
  }
}

CK_RV ask_pin(struct slot *slot) {
  struct world world;
  world_read(&world);
  if (!world.pinpad && world.dialogs == DIALOGS_NONE) return CKR_FUNCTION_FAILED;
  const enum keys keys = world.pinpad ? wait_at_pinpad(&slot->card, world.pinpad_us) : wait_at_dialog(&world);
  if (keys == KEYS_CANCEL) return CKR_FUNCTION_CANCELED;
  if (keys == KEYS_NONE || !card_wait(&slot->card, world.latency_us)) return CKR_DEVICE_ERROR;
  return pin_answer(pin_type(&slot->card, keys == KEYS_RIGHT));
}
