#include "module.h"

#include <stdlib.h>
#include <string.h>

static const char *const file_names[FILE_COUNT] = {
    [FILE_IDENTITY] = "identity",         [FILE_IDENTITY_SIGN] = "identity-sign",
    [FILE_ADDRESS] = "address",           [FILE_ADDRESS_SIGN] = "address-sign",
    [FILE_PHOTO] = "photo",               [FILE_RN_CERT] = "rn-cert",
    [FILE_BASIC_KEY] = "basic-key",       [FILE_TOKEN_INFO] = "token-info",
    [FILE_CARD_DATA] = "card-data",       [FILE_ATR] = "atr",
    [FILE_AUTH_CERT] = "auth-cert",       [FILE_SIGN_CERT] = "sign-cert",
    [FILE_CA_CERT] = "ca-cert",           [FILE_ROOT_CERT] = "root-cert",
    [FILE_AUTH_KEY] = "auth-key",         [FILE_SIGN_KEY] = "sign-key",
    [FILE_CARD_KEY] = "card-key",
};

const char *card_file_name(enum card_file file) {
  return file_names[file];
}

static void card_line(void *context, char *key, const char *value) {
  struct card *card = context;
  if (strcmp(key, "kind") == 0) {
    card->kind = strcmp(value, "eid") == 0 ? KIND_EID : strcmp(value, "foreign") == 0 ? KIND_FOREIGN : KIND_MUTE;
  } else if (strcmp(key, "applet") == 0) {
    card->applet = (unsigned char)strtoul(value, NULL, 16);
  } else if (strcmp(key, "pin") == 0) {
    copy_text(card->pin, sizeof card->pin, value);
  } else if (strcmp(key, "tries") == 0) {
    const long tries = strtol(value, NULL, 10);
    card->tries = tries < 0 || tries > PIN_TRIES ? PIN_TRIES : (int)tries;
  } else if (strcmp(key, "worn") == 0) {
    card->worn = strcmp(value, "0") != 0;
  }
}

void card_load(struct card *card, const struct world *world, unsigned reader) {
  memset(card, 0, sizeof *card);
  card->tries = PIN_TRIES;
  card->kind = KIND_MUTE;
  card->reader = reader;
  card->insertion = world->reader[reader].insertion;
  copy_text(card->name, sizeof card->name, world->reader[reader].card);
  char folder[1200];
  char path[1300];
  if (!path_join(folder, sizeof folder, world->cards, card->name)) return;
  struct bytes text;
  if (!path_join(path, sizeof path, folder, "card") || !file_read(path, FILE_MAX_SIZE, true, &text)) return;
  each_line((char *)text.at, card_line, card);
  free(text.at);
  if (card->kind != KIND_EID) return;
  for (int file = 0; file < FILE_COUNT; file++) {
    if (path_join(path, sizeof path, folder, file_names[file])) file_read(path, FILE_MAX_SIZE, false, &card->files[file]);
  }
}

void card_free(struct card *card) {
  for (int file = 0; file < FILE_COUNT; file++) free(card->files[file].at);
  memset(card, 0, sizeof *card);
}

bool card_is_in(const struct card *card) {
  struct world world;
  world_read(&world);
  if (card->reader >= world.readers) return false;
  const struct world_reader *reader = &world.reader[card->reader];
  return reader->insertion == card->insertion && strcmp(reader->card, card->name) == 0;
}

bool card_wait(const struct card *card, long microseconds_left) {
  const int64_t until = now_us() + microseconds_left;
  fault_move();
  for (;;) {
    if (!card_is_in(card)) return false;
    const int64_t left = until - now_us();
    if (left <= 0) return true;
    slots_touch_power();
    nap(left < 2000 ? (long)left : 2000);
  }
}
