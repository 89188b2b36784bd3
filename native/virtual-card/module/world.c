#include "module.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define STATE_MAX_SIZE 16384
#define PIN_TRIES 3

int64_t now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static const char *control_folder(void) {
  return getenv("LOKET_VIRTUAL_CARD");
}

static bool path_join(char *out, size_t size, const char *folder, const char *name) {
  const int written = snprintf(out, size, "%s/%s", folder, name);
  return written > 0 && (size_t)written < size;
}

/* The whole file, a text with a NUL behind it; false when it is missing, too long, or no regular file. */
static bool file_read(const char *path, size_t max, bool is_text, struct bytes *out) {
  out->at = NULL;
  out->size = 0;
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  struct stat about;
  bool whole = fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size >= 0 && (size_t)about.st_size <= max;
  /* No byte more than the file has: the sanitizers see whoever reads past it. */
  const size_t room = (size_t)about.st_size + (is_text || about.st_size == 0 ? 1 : 0);
  unsigned char *at = whole ? malloc(room) : NULL;
  size_t size = 0;
  while (at != NULL && size < (size_t)about.st_size) {
    const ssize_t got = read(fd, at + size, (size_t)about.st_size - size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    size += (size_t)got;
  }
  close(fd);
  if (at == NULL || size != (size_t)about.st_size) {
    free(at);
    return false;
  }
  if (is_text) at[size] = 0;
  out->at = at;
  out->size = size;
  return true;
}

/* A persona's name becomes a folder's name: a letter, then letters, digits and hyphens. `-` alone is no card. */
static bool is_name(const char *text) {
  const size_t size = strlen(text);
  if (size == 0 || size >= NAME_MAX_SIZE || text[0] < 'a' || text[0] > 'z') return false;
  return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == size;
}

static void copy_text(char *out, size_t size, const char *text) {
  snprintf(out, size, "%s", text);
}

static long microseconds(const char *text) {
  const long value = strtol(text, NULL, 10);
  return value < 0 ? 0 : value > 60000000 ? 60000000 : value;
}

static void world_set(struct world *world, char *key, const char *value) {
  /* `card` is the first reader's, `card.1` the second's. */
  unsigned reader = 0;
  char *dot = strchr(key, '.');
  if (dot != NULL) {
    reader = (unsigned)strtoul(dot + 1, NULL, 10);
    *dot = 0;
    if (reader >= SLOTS_MAX) return;
  }
  if (strcmp(key, "reader") == 0) {
    const unsigned long count = strtoul(value, NULL, 10);
    world->readers = count > SLOTS_MAX ? SLOTS_MAX : (unsigned)count;
  } else if (strcmp(key, "card") == 0 && is_name(value)) {
    copy_text(world->reader[reader].card, NAME_MAX_SIZE, value);
  } else if (strcmp(key, "insertion") == 0) {
    world->reader[reader].insertion = strtoul(value, NULL, 10);
  } else if (strcmp(key, "journal") == 0) {
    world->journal = strcmp(value, "0") != 0;
  } else if (strcmp(key, "mute_error") == 0) {
    world->mute_error = strcmp(value, "0") != 0;
  } else if (strcmp(key, "dialogs") == 0) {
    world->dialogs = strcmp(value, "0") != 0;
  } else if (strcmp(key, "connect_us") == 0) {
    world->connect_us = microseconds(value);
  } else if (strcmp(key, "foreign_us") == 0) {
    world->foreign_us = microseconds(value);
  } else if (strcmp(key, "latency_us") == 0) {
    world->latency_us = microseconds(value);
  } else if (strcmp(key, "file_end_us") == 0) {
    world->file_end_us = microseconds(value);
  } else if (strcmp(key, "ghost_us") == 0) {
    world->ghost_us = microseconds(value);
  } else if (strcmp(key, "cards") == 0) {
    copy_text(world->cards, sizeof world->cards, value);
  }
}

/* Lines of `key value`; a value runs to the end of its line. Unknown keys belong to a newer control and are skipped. */
static void each_line(char *text, void (*line)(void *, char *, const char *), void *context) {
  char *rest = NULL;
  for (char *at = strtok_r(text, "\n", &rest); at != NULL; at = strtok_r(NULL, "\n", &rest)) {
    char *space = strchr(at, ' ');
    if (space == NULL) continue;
    *space = 0;
    line(context, at, space + 1);
  }
}

static void world_line(void *context, char *key, const char *value) {
  world_set(context, key, value);
}

/* Read anew at each call: it is one small file, and a stale copy would be a card that nobody has. */
void world_read(struct world *world) {
  memset(world, 0, sizeof *world);
  world->dialogs = true;
  const char *folder = control_folder();
  char path[1200];
  if (folder == NULL || !path_join(path, sizeof path, folder, "state")) return;
  if (!path_join(world->cards, sizeof world->cards, folder, "cards")) return;
  struct bytes text;
  if (!file_read(path, STATE_MAX_SIZE, true, &text)) return;
  each_line((char *)text.at, world_line, world);
  free(text.at);
}

void journal(const char *what, const char *name) {
  struct world world;
  world_read(&world);
  char path[1200];
  if (!world.journal || !path_join(path, sizeof path, control_folder(), "journal")) return;
  const int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return;
  dprintf(fd, "%s %s\n", what, name);
  close(fd);
}

/* ---- cards ---- */

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
  } else if (strcmp(key, "worn") == 0) {
    card->worn = strcmp(value, "0") != 0;
  }
}

void card_load(struct card *card, const struct world *world, unsigned reader) {
  memset(card, 0, sizeof *card);
  card->kind = KIND_MUTE;
  card->reader = reader;
  card->insertion = world->reader[reader].insertion;
  copy_text(card->name, sizeof card->name, world->reader[reader].card);
  char folder[1200];
  char path[1300];
  if (!path_join(folder, sizeof folder, world->cards, card->name)) return;
  struct bytes text;
  if (!path_join(path, sizeof path, folder, "card") || !file_read(path, STATE_MAX_SIZE, true, &text)) return;
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
  for (;;) {
    if (!card_is_in(card)) return false;
    const int64_t left = until - now_us();
    if (left <= 0) return true;
    const struct timespec slice = {.tv_sec = 0, .tv_nsec = (left < 2000 ? left : 2000) * 1000};
    nanosleep(&slice, NULL);
  }
}

/* ---- the PIN's state ---- */

struct pin_state {
  int tries;
  unsigned reader;
  unsigned long verified; /* the insertion in which it was verified, 0 for none */
  char pin[13];           /* changed by C_SetPIN; empty: the persona's own */
};

/* Opens and locks the card's PIN file; -1 when there is no control folder to keep it in. */
static int pin_open(const struct card *card, struct pin_state *state) {
  *state = (struct pin_state){.tries = PIN_TRIES};
  const char *folder = control_folder();
  char pins[1100];
  char path[1200];
  if (folder == NULL || !path_join(pins, sizeof pins, folder, "pins") || !path_join(path, sizeof path, pins, card->name)) return -1;
  mkdir(pins, 0700);
  const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return -1;
  flock(fd, LOCK_EX);
  char text[128] = {0};
  if (read(fd, text, sizeof text - 1) > 0) {
    sscanf(text, "%d %u %lu %12s", &state->tries, &state->reader, &state->verified, state->pin);
  }
  return fd;
}

static void pin_close(int fd, const struct pin_state *state) {
  if (fd < 0) return;
  char text[128];
  const int size = snprintf(text, sizeof text, "%d %u %lu %s\n", state->tries, state->reader, state->verified, state->pin);
  if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)size, 0) != size) {
    /* A full disk leaves the card with fresh tries; nothing here can mend it. */
  }
  close(fd);
}

static enum pin_result pin_compare(const struct card *card, struct pin_state *state, const char *pin) {
  if (state->tries <= 0) return PIN_BLOCKED;
  if (strcmp(pin, state->pin[0] != 0 ? state->pin : card->pin) == 0) {
    state->tries = PIN_TRIES;
    return PIN_RIGHT;
  }
  state->tries -= 1;
  state->verified = 0;
  return state->tries == 0 ? PIN_BLOCKED : PIN_WRONG;
}

enum pin_result pin_verify(const struct card *card, const char *pin) {
  struct pin_state state;
  const int fd = pin_open(card, &state);
  if (fd < 0) return PIN_UNKNOWN;
  const enum pin_result result = pin_compare(card, &state, pin);
  if (result == PIN_RIGHT) {
    state.verified = card->insertion;
    state.reader = card->reader;
  }
  pin_close(fd, &state);
  return result;
}

enum pin_result pin_change(const struct card *card, const char *from, const char *to) {
  struct pin_state state;
  const int fd = pin_open(card, &state);
  if (fd < 0) return PIN_UNKNOWN;
  const enum pin_result result = pin_compare(card, &state, from);
  if (result == PIN_RIGHT) copy_text(state.pin, sizeof state.pin, to);
  pin_close(fd, &state);
  return result;
}

void pin_log_off(const struct card *card) {
  struct pin_state state;
  const int fd = pin_open(card, &state);
  state.verified = 0;
  pin_close(fd, &state);
}

bool pin_is_verified(const struct card *card) {
  struct pin_state state;
  const int fd = pin_open(card, &state);
  if (fd < 0) return false;
  close(fd);
  return state.verified != 0 && state.verified == card->insertion && state.reader == card->reader;
}

int pin_tries(const struct card *card) {
  struct pin_state state;
  const int fd = pin_open(card, &state);
  if (fd >= 0) close(fd);
  return state.tries;
}
