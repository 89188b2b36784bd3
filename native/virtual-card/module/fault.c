#include "module.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * One fault at a time, in the control folder's file `fault`: what, at which call from now, and with what. All processes
 * count the same calls down; the one that reaches it takes the file away and does it.
 */
struct fault {
  char kind[16];
  unsigned long at_call;
  long long ms;
  unsigned reader;
  char card[NAME_MAX_SIZE];
};

/* A card moves while the call is under way, not before it: a read is cut off in its middle. */
static struct fault moving;

static bool fault_parse(int fd, struct fault *fault) {
  char text[256] = {0};
  memset(fault, 0, sizeof *fault);
  if (pread(fd, text, sizeof text - 1, 0) <= 0) return false;
  return sscanf(text, "%15s %lu %lld %u %64s", fault->kind, &fault->at_call, &fault->ms, &fault->reader, fault->card) == 5;
}

static void fault_count_down(int fd, const struct fault *fault) {
  char text[256];
  const int size = snprintf(text, sizeof text, "%s %lu %lld %u %s\n", fault->kind, fault->at_call - 1, fault->ms, fault->reader, fault->card);
  /* Never shorter than what was there by more than the digits that fell away: blanks instead of a moment of emptiness. */
  struct stat about;
  if (fstat(fd, &about) != 0 || size <= 0 || (size_t)size >= sizeof text) return;
  while (about.st_size > size) {
    if (pwrite(fd, "\n", 1, --about.st_size) != 1) return;
  }
  if (pwrite(fd, text, (size_t)size, 0) != size) return;
}

/* Replaced by another one since it was opened: that one counts from the next call. */
static bool is_current(int fd, const char *path) {
  struct stat opened;
  struct stat named;
  return fstat(fd, &opened) == 0 && stat(path, &named) == 0 && opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

/* True when this is the call. */
static bool fault_take(struct fault *fault) {
  char path[1200];
  if (!world_path(path, sizeof path, NULL, "fault")) return false;
  const int fd = open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0) return false;
  flock(fd, LOCK_EX);
  bool taken = false;
  if (is_current(fd, path) && fault_parse(fd, fault)) {
    taken = fault->at_call <= 1;
    if (taken) unlink(path);
    else fault_count_down(fd, fault);
  }
  close(fd);
  return taken;
}

/* Holding the one lock, as a card that is silent does. */
static void hang(long long ms) {
  const int64_t begun = now_us();
  while ((now_us() - begun) / 1000 < ms) {
    slots_touch_power();
    nap(5000);
  }
}

enum call_fault fault_begin(void) {
  struct fault fault;
  if (!fault_take(&fault)) return CALL_WORKS;
  journal("fault", fault.kind, "");
  if (strcmp(fault.kind, "hang") == 0) hang(fault.ms);
  if (strcmp(fault.kind, "crash") == 0) abort();
  if (strcmp(fault.kind, "device_error") == 0) return CALL_FAILS;
  if (strcmp(fault.kind, "remove") == 0 || (strcmp(fault.kind, "swap") == 0 && is_name(fault.card))) moving = fault;
  return CALL_WORKS;
}

void fault_move(void) {
  if (moving.kind[0] == 0) return;
  world_move(moving.reader, strcmp(moving.kind, "swap") == 0 ? moving.card : "-");
  moving.kind[0] = 0;
}
