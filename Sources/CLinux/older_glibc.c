// What the Swift runtime and libstdc++ call, without the versions that came after glibc 2.34: with those
// a program does not start on Amazon Linux 2023 and RHEL 9.
#include <features.h>

#ifdef __GLIBC__
#include <stdlib.h>
#include <sys/random.h>

// glibc 2.35 made both again under new versions. The first ones are in every glibc.
#if defined(__x86_64__)
#define FIRST_VERSION "GLIBC_2.2.5"
#elif defined(__aarch64__)
#define FIRST_VERSION "GLIBC_2.17"
#endif

#ifdef FIRST_VERSION
__asm__(".symver first_hypot, hypot@" FIRST_VERSION);
__asm__(".symver first_hypotf, hypotf@" FIRST_VERSION);

extern double first_hypot(double x, double y);
extern float first_hypotf(float x, float y);

double hypot(double x, double y) { return first_hypot(x, y); }
float hypotf(float x, float y) { return first_hypotf(x, y); }
#endif

// glibc 2.36 brought it; std::random_device of libstdc++ 12 calls it.
unsigned int arc4random(void) {
  unsigned int word;
  if (getentropy(&word, sizeof word) != 0) abort();
  return word;
}
#endif
