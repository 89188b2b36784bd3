/*
 * Remembers what a disk had been told to keep. Loaded before the C library (LD_PRELOAD), it writes down every change of the
 * files of one folder, and every sync, in a journal elsewhere. From that power-cut.ts makes the folder as it is after a power
 * cut: what was synced is there, and of the rest some writes are and some are not.
 *
 * UNSYNCED_FOLDER   absolute path of the folder, as the program names it
 * UNSYNCED_JOURNAL  absolute path of the journal; appended to
 * UNSYNCED_LIE      1: syncs are answered and not carried out, as by a disk that lies
 * UNSYNCED_KILL     CALL:N:WHEN ends the process at its Nth such call. CALL: open, write, truncate, sync, rename, unlink.
 *                   WHEN: before, after, or (write) torn: half of the bytes
 *
 * Not seen: what is written through a shared mapping. SQLite does that to its -shm file alone, which no power cut keeps.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_FILES 4096

enum kind { OPEN = 1, WRITE, TRUNCATE, SYNC, RENAME, UNLINK, MKDIR, SYNC_FOLDER, CALLS };
enum when { BEFORE, AFTER, TORN };

/* Little endian on every machine that this runs on; read by power-cut.ts. */
struct __attribute__((packed)) entry {
  uint32_t kind;
  uint32_t name_length;
  uint32_t data_length;
  uint64_t file;
  uint64_t at;
};

struct file {
  bool watched;
  bool folder;
  bool append;
  uint64_t inode;
  dev_t device;
  char *name;
};

static struct file files[MOST_FILES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *folder;
static size_t folder_length;
static int journal = -1;
static bool lies;
static enum kind fatal_kind;
static enum when fatal_when;
static long fatal_count = -1;
static long counts[CALLS];

static int (*real_open)(const char *, int, ...);
static int (*real_openat)(int, const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_rename)(const char *, const char *);
static int (*real_unlink)(const char *);
static int (*real_unlinkat)(int, const char *, int);
static int (*real_remove)(const char *);
static int (*real_mkdir)(const char *, mode_t);

static void *find(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (!found) abort();
  return found;
}

static void read_fatal(const char *text) {
  static const struct { const char *word; enum kind kind; } words[] = {
    { "open:", OPEN }, { "write:", WRITE }, { "truncate:", TRUNCATE }, { "sync:", SYNC }, { "rename:", RENAME }, { "unlink:", UNLINK },
  };
  for (size_t i = 0; text && i < sizeof words / sizeof *words; i++) {
    size_t length = strlen(words[i].word);
    if (strncmp(text, words[i].word, length) != 0) continue;
    char *end = NULL;
    fatal_kind = words[i].kind;
    fatal_count = strtol(text + length, &end, 10);
    fatal_when = strcmp(end, ":before") == 0 ? BEFORE : strcmp(end, ":torn") == 0 ? TORN : AFTER;
  }
}

__attribute__((constructor)) static void begin(void) {
  real_open = find("open64");
  real_openat = find("openat64");
  real_close = find("close");
  real_write = find("write");
  real_pwrite = find("pwrite64");
  real_writev = find("writev");
  real_ftruncate = find("ftruncate64");
  real_fsync = find("fsync");
  real_fdatasync = find("fdatasync");
  real_rename = find("rename");
  real_unlink = find("unlink");
  real_unlinkat = find("unlinkat");
  real_remove = find("remove");
  real_mkdir = find("mkdir");
  folder = getenv("UNSYNCED_FOLDER");
  const char *path = getenv("UNSYNCED_JOURNAL");
  if (!folder || !path) return;
  folder_length = strlen(folder);
  lies = getenv("UNSYNCED_LIE") != NULL;
  read_fatal(getenv("UNSYNCED_KILL"));
  journal = real_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (journal < 0) abort();
  /* Children are other programs: they have no part in this. */
  unsetenv("LD_PRELOAD");
}

/* Name within the folder, "" for the folder itself, NULL outside. */
static const char *inside(const char *path) {
  if (journal < 0 || !path || strncmp(path, folder, folder_length) != 0) return NULL;
  if (path[folder_length] == '\0') return path + folder_length;
  return path[folder_length] == '/' ? path + folder_length + 1 : NULL;
}

/* What closes inside the C library (closedir) is not seen, and its number may be a socket's now: so it is looked at again. */
static struct file *watched(int fd) {
  if (journal < 0 || fd < 0 || fd >= MOST_FILES || !files[fd].watched) return NULL;
  struct stat status;
  int error = errno;
  bool same = fstat(fd, &status) == 0 && status.st_ino == files[fd].inode && status.st_dev == files[fd].device;
  errno = error;
  if (!same) files[fd].watched = false;
  return same ? &files[fd] : NULL;
}

/* One write for each entry: an entry is whole or, at the very end of a killed process, not there. */
static void note(enum kind kind, uint64_t file, uint64_t at, const char *name, const void *data, size_t length) {
  struct entry entry = { (uint32_t)kind, (uint32_t)(name ? strlen(name) : 0), (uint32_t)length, file, at };
  struct iovec parts[] = { { &entry, sizeof entry }, { (void *)name, entry.name_length }, { (void *)data, length } };
  size_t whole = sizeof entry + entry.name_length + length;
  if (real_writev(journal, parts, 3) != (ssize_t)whole) abort();
}

static bool is_fatal(enum kind kind) {
  return ++counts[kind] == fatal_count && kind == fatal_kind;
}

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

#define FATAL(now, moment) do { if ((now) && fatal_when == (moment)) die(); } while (0)

static int open_watched(int at, const char *path, const char *name, int flags, mode_t mode) {
  struct stat status;
  pthread_mutex_lock(&lock);
  bool fatal = is_fatal(OPEN);
  FATAL(fatal, BEFORE);
  bool made = (flags & O_CREAT) && stat(path, &status) != 0;
  int fd = real_openat(at, path, flags, mode);
  int error = errno;
  if (fd >= 0 && fd < MOST_FILES && fstat(fd, &status) == 0) {
    free(files[fd].name);
    files[fd] = (struct file){ true, S_ISDIR(status.st_mode), (flags & O_APPEND) != 0, status.st_ino, status.st_dev, strdup(name) };
    if (made) note(OPEN, status.st_ino, 0, name, NULL, 0);
    else if (flags & O_TRUNC) note(TRUNCATE, status.st_ino, 0, NULL, NULL, 0);
  }
  FATAL(fatal, AFTER);
  pthread_mutex_unlock(&lock);
  errno = error;
  return fd;
}

static int open_any(int at, const char *path, int flags, mode_t mode) {
  const char *name = inside(path);
  return name ? open_watched(at, path, name, flags, mode) : real_openat(at, path, flags, mode);
}

static mode_t mode_of(int flags, va_list more) {
  return flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
}

#define OPEN_BY(name, ...) { \
  va_list more; \
  va_start(more, flags); \
  mode_t mode = mode_of(flags, more); \
  va_end(more); \
  return open_any(__VA_ARGS__, path, flags, mode); \
}
int open(const char *path, int flags, ...) OPEN_BY(open, AT_FDCWD)
int open64(const char *path, int flags, ...) OPEN_BY(open64, AT_FDCWD)
int openat(int at, const char *path, int flags, ...) OPEN_BY(openat, at)
int openat64(int at, const char *path, int flags, ...) OPEN_BY(openat64, at)

int close(int fd) {
  pthread_mutex_lock(&lock);
  if (watched(fd)) files[fd].watched = false;
  int result = real_close(fd);
  int error = errno;
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

/* `at` below 0: where the descriptor stands. */
static ssize_t write_watched(int fd, const void *data, size_t length, off_t at) {
  pthread_mutex_lock(&lock);
  struct file *file = &files[fd];
  struct stat status;
  bool fatal = is_fatal(WRITE);
  FATAL(fatal, BEFORE);
  if (fatal && fatal_when == TORN) length /= 2;
  off_t place = at;
  if (at < 0) place = file->append && fstat(fd, &status) == 0 ? status.st_size : lseek(fd, 0, SEEK_CUR);
  ssize_t result = at < 0 ? real_write(fd, data, length) : real_pwrite(fd, data, length, at);
  int error = errno;
  if (result > 0) note(WRITE, file->inode, (uint64_t)place, NULL, data, (size_t)result);
  if (fatal) die();
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

ssize_t write(int fd, const void *data, size_t length) {
  return watched(fd) ? write_watched(fd, data, length, -1) : real_write(fd, data, length);
}
ssize_t pwrite(int fd, const void *data, size_t length, off_t at) {
  return watched(fd) ? write_watched(fd, data, length, at) : real_pwrite(fd, data, length, at);
}
ssize_t pwrite64(int fd, const void *data, size_t length, off64_t at) {
  return pwrite(fd, data, length, at);
}

static ssize_t write_parts(int fd, const struct iovec *parts, int count, off_t at) {
  ssize_t whole = 0;
  for (int i = 0; i < count; i++) {
    ssize_t result = write_watched(fd, parts[i].iov_base, parts[i].iov_len, at < 0 ? at : at + whole);
    if (result < 0) return whole > 0 ? whole : result;
    whole += result;
    if ((size_t)result < parts[i].iov_len) break;
  }
  return whole;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  return watched(fd) ? write_parts(fd, parts, count, -1) : real_writev(fd, parts, count);
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) {
  static ssize_t (*real)(int, const struct iovec *, int, off_t);
  if (!real) real = find("pwritev64");
  return watched(fd) ? write_parts(fd, parts, count, at) : real(fd, parts, count, at);
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) {
  return pwritev(fd, parts, count, at);
}

int ftruncate(int fd, off_t length) {
  if (!watched(fd)) return real_ftruncate(fd, length);
  pthread_mutex_lock(&lock);
  bool fatal = is_fatal(TRUNCATE);
  FATAL(fatal, BEFORE);
  int result = real_ftruncate(fd, length);
  int error = errno;
  if (result == 0) note(TRUNCATE, files[fd].inode, (uint64_t)length, NULL, NULL, 0);
  FATAL(fatal, AFTER);
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}
int ftruncate64(int fd, off64_t length) {
  return ftruncate(fd, length);
}

static int sync_watched(int fd, int (*real)(int)) {
  pthread_mutex_lock(&lock);
  bool fatal = is_fatal(SYNC);
  FATAL(fatal, BEFORE);
  int result = lies ? 0 : real(fd);
  int error = errno;
  if (result == 0 && !lies) {
    if (files[fd].folder) note(SYNC_FOLDER, 0, 0, files[fd].name, NULL, 0);
    else note(SYNC, files[fd].inode, 0, NULL, NULL, 0);
  }
  FATAL(fatal, AFTER);
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}
int fsync(int fd) {
  return watched(fd) ? sync_watched(fd, real_fsync) : real_fsync(fd);
}
int fdatasync(int fd) {
  return watched(fd) ? sync_watched(fd, real_fdatasync) : real_fdatasync(fd);
}

int rename(const char *from, const char *onto) {
  const char *old = inside(from), *new = inside(onto);
  if (!old || !new) return real_rename(from, onto);
  pthread_mutex_lock(&lock);
  bool fatal = is_fatal(RENAME);
  FATAL(fatal, BEFORE);
  int result = real_rename(from, onto);
  int error = errno;
  if (result == 0) note(RENAME, 0, 0, old, new, strlen(new));
  FATAL(fatal, AFTER);
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

static int unlink_watched(const char *path, const char *name) {
  pthread_mutex_lock(&lock);
  bool fatal = is_fatal(UNLINK);
  FATAL(fatal, BEFORE);
  int result = real_unlink(path);
  int error = errno;
  if (result == 0) note(UNLINK, 0, 0, name, NULL, 0);
  FATAL(fatal, AFTER);
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}
int unlink(const char *path) {
  const char *name = inside(path);
  return name ? unlink_watched(path, name) : real_unlink(path);
}
int unlinkat(int at, const char *path, int flags) {
  const char *name = flags == 0 ? inside(path) : NULL;
  return name ? unlink_watched(path, name) : real_unlinkat(at, path, flags);
}
int remove(const char *path) {
  const char *name = inside(path);
  return name ? unlink_watched(path, name) : real_remove(path);
}

int mkdir(const char *path, mode_t mode) {
  const char *name = inside(path);
  pthread_mutex_lock(&lock);
  int result = real_mkdir(path, mode);
  int error = errno;
  if (name && result == 0) note(MKDIR, 0, 0, name, NULL, 0);
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}
