#include "module.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct pin_state {
  int tries;
  unsigned reader;
  unsigned long verified; /* the insertion in which it was verified, 0 for none */
  char pin[13];           /* changed by C_SetPIN; empty: the persona's own */
};

/* Opens and locks the card's PIN file; -1 when there is no control folder to keep it in. */
static int pin_open(const struct card *card, struct pin_state *state) {
  *state = (struct pin_state){.tries = card->tries};
  char pins[1100];
  char path[1200];
  if (!world_path(pins, sizeof pins, NULL, "pins") || !path_join(path, sizeof path, pins, card->name)) return -1;
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
  /* One write, always as long: a process that is killed here leaves the old tries or the new ones, never fresh ones. */
  const int size = snprintf(text, sizeof text, "%d %10u %20lu %-12s\n", state->tries, state->reader, state->verified, state->pin);
  if (pwrite(fd, text, (size_t)size, 0) != size) {
    /* A full disk leaves the card with fresh tries; nothing here can mend it. */
  }
  close(fd);
}

static bool pin_is(const struct card *card, const struct pin_state *state, const char *pin) {
  return strcmp(pin, state->pin[0] != 0 ? state->pin : card->pin) == 0;
}

static enum pin_result pin_try(struct pin_state *state, bool is_right) {
  if (state->tries <= 0) return PIN_BLOCKED;
  if (is_right) {
    state->tries = PIN_TRIES;
    return PIN_RIGHT;
  }
  state->tries -= 1;
  state->verified = 0;
  return state->tries == 0 ? PIN_BLOCKED : PIN_WRONG;
}

static enum pin_result pin_verify_in(const struct card *card, struct pin_state *state, bool is_right) {
  const enum pin_result result = pin_try(state, is_right);
  if (result == PIN_RIGHT) {
    state->verified = card->insertion;
    state->reader = card->reader;
  }
  return result;
}

enum pin_result pin_verify(const struct card *card, const char *pin) {
  struct pin_state state;
  const int fd = pin_open(card, &state);
  if (fd < 0) return PIN_UNKNOWN;
  const enum pin_result result = pin_verify_in(card, &state, pin_is(card, &state, pin));
  pin_close(fd, &state);
  return result;
}

enum pin_result pin_type(const struct card *card, bool is_right) {
  struct pin_state state;
  const int fd = pin_open(card, &state);
  if (fd < 0) return PIN_UNKNOWN;
  const enum pin_result result = pin_verify_in(card, &state, is_right);
  pin_close(fd, &state);
  return result;
}

enum pin_result pin_change(const struct card *card, const char *from, const char *to) {
  struct pin_state state;
  const int fd = pin_open(card, &state);
  if (fd < 0) return PIN_UNKNOWN;
  const enum pin_result result = pin_try(&state, pin_is(card, &state, from));
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

/* ---- power ---- */

/*
 * pcscd switches a card off about a second after the last connection to it ended, and with it goes the verified PIN. A
 * shared lock says that somebody is connected, also when that process is killed; the file's time, until when one was.
 */
int power_on(const struct card *card) {
  char folder[1100];
  char path[1200];
  char name[16];
  snprintf(name, sizeof name, "%u", card->reader);
  if (!world_path(folder, sizeof folder, NULL, "power") || !path_join(path, sizeof path, folder, name)) return -1;
  mkdir(folder, 0700);
  const int power = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (power < 0) return -1;
  struct world world;
  struct stat about;
  struct timespec now;
  world_read(&world);
  clock_gettime(CLOCK_REALTIME, &now);
  if (flock(power, LOCK_EX | LOCK_NB) == 0 && fstat(power, &about) == 0) {
    const int64_t idle_us = (int64_t)(now.tv_sec - about.st_mtim.tv_sec) * 1000000 + (now.tv_nsec - about.st_mtim.tv_nsec) / 1000;
    if (idle_us > world.power_down_us) pin_log_off(card);
  }
  flock(power, LOCK_SH);
  power_touch(power);
  return power;
}

void power_touch(int power) {
  if (power >= 0) futimens(power, NULL);
}

void power_off(int power) {
  power_touch(power);
  if (power >= 0) close(power);
}
