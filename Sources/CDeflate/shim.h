#ifndef TRAILMERGE_CDEFLATE_SHIM_H
#define TRAILMERGE_CDEFLATE_SHIM_H

#include <libdeflate.h>

#endif
