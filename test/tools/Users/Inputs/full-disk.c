/* To be preloaded: a disk on which no file can grow beyond $DISK_ROOM bytes,
   for a program that writes as SQLite does. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/types.h>

static ssize_t limited(const char *name, int fd, const void *data, size_t size,
                       off64_t at) {
  const char *room = getenv("DISK_ROOM");
  if (room && at + (off64_t)size > atoll(room)) {
    errno = ENOSPC;
    return -1;
  }
  ssize_t (*real)(int, const void *, size_t, off64_t) =
      (ssize_t(*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, name);
  return real(fd, data, size, at);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
  return limited("pwrite", fd, data, size, at);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
  return limited("pwrite64", fd, data, size, at);
}
