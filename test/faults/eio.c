/*
 * A disk that fails. Loaded before the C library (LD_PRELOAD), it lets writes and syncs of the files of one folder fail with
 * EIO from a chosen one on, for as long as a file says so.
 *
 * EIO_FOLDER  absolute path of the folder
 * EIO_FROM    absolute path of a file elsewhere: while it is there, the calls from its Nth on fail; N is what it says
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static bool is_watched(int fd) {
  const char *folder = getenv("EIO_FOLDER");
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (folder == NULL || length < 0) return false;
  path[length] = '\0';
  return strncmp(path, folder, strlen(folder)) == 0;
}

/* Counts down in the file itself, so that whoever wrote it can see how far it came. */
static bool fails(int fd) {
  static ssize_t (*real)(int, const void *, size_t, off64_t);
  const char *from = getenv("EIO_FROM");
  if (from == NULL || !is_watched(fd)) return false;
  int file = open(from, O_RDWR);
  if (file < 0) return false;
  char text[24] = {0};
  long left = pread(file, text, sizeof text - 1, 0) > 0 ? strtol(text, NULL, 10) : 1;
  if (left > 1) {
    if (real == NULL) real = (ssize_t(*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
    snprintf(text, sizeof text, "%-22ld", left - 1);
    real(file, text, sizeof text - 1, 0);
  }
  close(file);
  if (left > 1) return false;
  errno = EIO;
  return true;
}

#define LAYER(type, name, parameters, arguments)                                     \
  type name parameters {                                                             \
    static type(*real) parameters;                                                   \
    if (real == NULL) real = (type(*) parameters)dlsym(RTLD_NEXT, #name);            \
    return fails(fd) ? -1 : real arguments;                                          \
  }

LAYER(ssize_t, write, (int fd, const void *bytes, size_t count), (fd, bytes, count))
LAYER(ssize_t, pwrite, (int fd, const void *bytes, size_t count, off_t at), (fd, bytes, count, at))
LAYER(ssize_t, pwrite64, (int fd, const void *bytes, size_t count, off64_t at), (fd, bytes, count, at))
LAYER(int, fsync, (int fd), (fd))
LAYER(int, fdatasync, (int fd), (fd))
