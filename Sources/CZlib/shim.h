#ifndef TRAILMERGE_CZLIB_SHIM_H
#define TRAILMERGE_CZLIB_SHIM_H

#include <zlib.h>

// zlib's initialiser is a macro, which Swift does not import.

static inline int trailmerge_inflateInit2(z_streamp stream, int windowBits) {
  return inflateInit2(stream, windowBits);
}

#endif
