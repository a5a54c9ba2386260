#ifndef TRAILMERGE_CLINUX_H
#define TRAILMERGE_CLINUX_H

#include <malloc.h>
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

// Which mount a file is on: the device, and the number of the mount, 0 from kernels before 5.8.
// Follows links. The buffer is `struct statx` of <linux/stat.h>, which cannot be included beside
// glibc's own; the kernel never moves its members.
static inline long trailmerge_mount(const char *path, unsigned long long *device, unsigned long long *mount) {
  union {
    unsigned int halves[64];
    unsigned long long words[32];
  } status = {{0}};
  long result = syscall(SYS_statx, -100 /* AT_FDCWD */, path, 0, 0x1000 /* STATX_MNT_ID */, &status);
  *device = (unsigned long long)status.halves[34] << 32 | status.halves[35];
  *mount = status.halves[0] & 0x1000 ? status.words[18] : 0;
  return result;
}

// Blocks of so many bytes are mapped by themselves, and go back to the system when they are freed. Swift's
// Glibc module lacks <malloc.h>.
static inline void trailmerge_map_blocks(int byteCount) {
#ifdef M_MMAP_THRESHOLD
  mallopt(M_MMAP_THRESHOLD, byteCount);
#endif
}

// The processors this process may run on; 0 if the kernel does not say.
static inline int trailmerge_processor_count(void) {
  unsigned long mask[128] = {0};
  long bytes = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
  int count = 0;
  for (long word = 0; word * (long)sizeof(long) < bytes; word++)
    count += __builtin_popcountl(mask[word]);
  return count;
}

#endif
