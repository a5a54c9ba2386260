#ifndef TRAILMERGE_CXLSXWRITER_SHIM_H
#define TRAILMERGE_CXLSXWRITER_SHIM_H

#include <stdio.h>
#include <sys/types.h>
#include <xlsxwriter.h>

// What `cookie_io_functions_t` is in glibc, which declares it under _GNU_SOURCE only, as it does
// `fopencookie`; Swift's Glibc module does not set that.
typedef struct {
  ssize_t (*read)(void *cookie, char *buffer, size_t count);
  ssize_t (*write)(void *cookie, const char *buffer, size_t count);
  int (*seek)(void *cookie, long *offset, int origin);
  int (*close)(void *cookie);
} trailmerge_stream_calls;

FILE *trailmerge_open_stream(void *cookie, const char *mode, trailmerge_stream_calls calls)
    __asm__("fopencookie");

#endif
