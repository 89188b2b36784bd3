#include "module.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define STATE_MAX_SIZE 16384
/* More than one fault can move cards in one revision of the state; an insertion of the next one still counts higher. */
#define MOVES_MAX 1000

int64_t now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void nap(long microseconds) {
  const struct timespec time = {.tv_sec = microseconds / 1000000, .tv_nsec = microseconds % 1000000 * 1000};
  nanosleep(&time, NULL);
}

bool path_join(char *out, size_t size, const char *folder, const char *name) {
  const int written = snprintf(out, size, "%s/%s", folder, name);
  return written > 0 && (size_t)written < size;
}

bool world_path(char *out, size_t size, const char *folder, const char *name) {
  const char *control = getenv("LOKET_VIRTUAL_CARD");
  if (control == NULL) return false;
  const int written = folder == NULL ? snprintf(out, size, "%s/%s", control, name) : snprintf(out, size, "%s/%s/%s", control, folder, name);
  return written > 0 && (size_t)written < size;
}

bool file_read(const char *path, size_t max, bool is_text, struct bytes *out) {
  out->at = NULL;
  out->size = 0;
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  struct stat about;
  bool whole = fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size >= 0 && (size_t)about.st_size <= max;
  /* No byte more than the file has: the sanitizers see whoever reads past it. */
  const size_t room = whole ? (size_t)about.st_size + (is_text || about.st_size == 0 ? 1 : 0) : 0;
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

bool is_name(const char *text) {
  const size_t size = strlen(text);
  if (size == 0 || size >= NAME_MAX_SIZE || text[0] < 'a' || text[0] > 'z') return false;
  return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == size;
}

void copy_text(char *out, size_t size, const char *text) {
  snprintf(out, size, "%s", text);
}

void each_line(char *text, void (*line)(void *, char *, const char *), void *context) {
  char *rest = NULL;
  for (char *at = strtok_r(text, "\n", &rest); at != NULL; at = strtok_r(NULL, "\n", &rest)) {
    char *space = strchr(at, ' ');
    if (space == NULL) continue;
    *space = 0;
    line(context, at, space + 1);
  }
}

static long microseconds(const char *text) {
  const long value = strtol(text, NULL, 10);
  return value < 0 ? 0 : value > 60000000 ? 60000000 : value;
}

static bool set_delay(struct world *world, const char *key, const char *value) {
  const struct {
    const char *key;
    long *delay;
  } delays[] = {
      {"connect_us", &world->connect_us},   {"foreign_us", &world->foreign_us}, {"latency_us", &world->latency_us},
      {"file_end_us", &world->file_end_us}, {"v18_end_us", &world->v18_end_us}, {"folder_us", &world->folder_us},
      {"ghost_us", &world->ghost_us},       {"pinpad_us", &world->pinpad_us},   {"dialog_us", &world->dialog_us},
      {"power_down_us", &world->power_down_us},
  };
  for (size_t i = 0; i < COUNT(delays); i++) {
    if (strcmp(key, delays[i].key) != 0) continue;
    *delays[i].delay = microseconds(value);
    return true;
  }
  return false;
}

/* `card` is the first reader's, `card.1` the second's. False for a reader that there cannot be. */
static bool split_key(char *key, unsigned *reader) {
  char *dot = strchr(key, '.');
  *reader = 0;
  if (dot == NULL) return true;
  *dot = 0;
  const unsigned long number = strtoul(dot + 1, NULL, 10);
  *reader = (unsigned)number;
  return number < SLOTS_MAX;
}

/* Unknown keys belong to a newer control and are skipped. */
static void state_line(void *context, char *key, const char *value) {
  struct world *world = context;
  unsigned reader = 0;
  if (!split_key(key, &reader) || set_delay(world, key, value)) return;
  if (strcmp(key, "reader") == 0) {
    const unsigned long count = strtoul(value, NULL, 10);
    world->readers = count > SLOTS_MAX ? SLOTS_MAX : (unsigned)count;
  } else if (strcmp(key, "card") == 0 && is_name(value)) {
    copy_text(world->reader[reader].card, NAME_MAX_SIZE, value);
  } else if (strcmp(key, "insertion") == 0) {
    world->reader[reader].insertion = strtoul(value, NULL, 10) * MOVES_MAX;
  } else if (strcmp(key, "revision") == 0) {
    world->reader[reader].revision = strtoul(value, NULL, 10);
  } else if (strcmp(key, "journal") == 0) {
    world->journal = strcmp(value, "0") != 0;
  } else if (strcmp(key, "pinpad") == 0) {
    world->pinpad = strcmp(value, "0") != 0;
  } else if (strcmp(key, "mute_error") == 0) {
    world->mute_error = strcmp(value, "0") != 0;
  } else if (strcmp(key, "dialogs") == 0) {
    const unsigned long kind = strtoul(value, NULL, 10);
    world->dialogs = kind == 0 ? DIALOGS_NONE : kind == 1 ? DIALOGS_UNANSWERED : DIALOGS_ANSWERED;
  } else if (strcmp(key, "cards") == 0) {
    copy_text(world->cards, sizeof world->cards, value);
  }
}

struct move {
  unsigned long revision, count;
  char card[NAME_MAX_SIZE];
};

struct moves {
  struct move reader[SLOTS_MAX];
};

/* `moved`: who is in a reader since a fault took or changed its card. The module writes it, the control only `state`. */
static void move_line(void *context, char *key, const char *value) {
  struct moves *moves = context;
  unsigned reader = 0;
  struct move move = {0};
  if (!split_key(key, &reader) || strcmp(key, "moved") != 0) return;
  if (sscanf(value, "%lu %lu %64s", &move.revision, &move.count, move.card) != 3) return;
  if (move.count == 0 || move.count >= MOVES_MAX || (strcmp(move.card, "-") != 0 && !is_name(move.card))) return;
  moves->reader[reader] = move;
}

static void moves_read(struct moves *moves) {
  char path[1200];
  struct bytes text;
  memset(moves, 0, sizeof *moves);
  if (!world_path(path, sizeof path, NULL, "moved") || !file_read(path, STATE_MAX_SIZE, true, &text)) return;
  each_line((char *)text.at, move_line, moves);
  free(text.at);
}

static void apply_moves(struct world *world) {
  struct moves moves;
  moves_read(&moves);
  for (unsigned i = 0; i < SLOTS_MAX; i++) {
    const struct move *move = &moves.reader[i];
    if (move->count == 0 || move->revision != world->reader[i].revision) continue;
    copy_text(world->reader[i].card, NAME_MAX_SIZE, strcmp(move->card, "-") == 0 ? "" : move->card);
    world->reader[i].insertion += move->count;
  }
}

/* Read anew at each call: it is one small file, and a stale copy would be a card that nobody has. */
void world_read(struct world *world) {
  *world = (struct world){.dialogs = DIALOGS_UNANSWERED, .pinpad_us = 30000000, .power_down_us = 1000000};
  char path[1200];
  struct bytes text;
  if (!world_path(path, sizeof path, NULL, "state") || !world_path(world->cards, sizeof world->cards, NULL, "cards")) return;
  if (!file_read(path, STATE_MAX_SIZE, true, &text)) return;
  each_line((char *)text.at, state_line, world);
  free(text.at);
  apply_moves(world);
}

void world_move(unsigned reader, const char *card) {
  struct world world;
  struct moves moves;
  world_read(&world);
  moves_read(&moves);
  char path[1200];
  char next[1300];
  if (reader >= SLOTS_MAX || !world_path(path, sizeof path, NULL, "moved")) return;
  struct move *move = &moves.reader[reader];
  move->count = move->revision == world.reader[reader].revision ? move->count + 1 : 1;
  move->revision = world.reader[reader].revision;
  copy_text(move->card, sizeof move->card, card);
  snprintf(next, sizeof next, "%s.%ld", path, (long)getpid());
  FILE *file = fopen(next, "we");
  if (file == NULL) return;
  for (unsigned i = 0; i < SLOTS_MAX; i++) {
    const struct move *one = &moves.reader[i];
    if (one->count > 0) fprintf(file, "moved.%u %lu %lu %s\n", i, one->revision, one->count, one->card);
  }
  if (fclose(file) == 0) rename(next, path);
}

void journal(const char *what, const char *name, const char *detail) {
  struct world world;
  world_read(&world);
  char path[1200];
  if (!world.journal || !world_path(path, sizeof path, NULL, "journal")) return;
  const int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return;
  dprintf(fd, "%s %s%s%s\n", what, name, detail[0] == 0 ? "" : " ", detail);
  close(fd);
}
