#ifndef TRAILMERGE_CLINUX_SHIM_H
#define TRAILMERGE_CLINUX_SHIM_H

#include <sys/syscall.h>
#include <unistd.h>

// glibc declares these calls under _GNU_SOURCE only, which Swift's Glibc module does not set.

static inline long trailmerge_syncfs(int descriptor) {
  return syscall(SYS_syncfs, descriptor);
}

static inline long trailmerge_sync_file_range_write(int descriptor, long long offset, long long count) {
  return syscall(SYS_sync_file_range, descriptor, offset, count, 2 /* SYNC_FILE_RANGE_WRITE */);
}

static inline long trailmerge_rename_exchange(const char *first, const char *second) {
  return syscall(SYS_renameat2, -100 /* AT_FDCWD */, first, -100, second, 2 /* RENAME_EXCHANGE */);
}

#endif
