#ifndef TRAILMERGE_CBLOCKS_H
#define TRAILMERGE_CBLOCKS_H

#include <stdint.h>

// Sixteen bytes looked at as one. Swift's SIMD types become loops over single bytes when they are
// compared (Swift 6.3), so the vector instructions of the processor are named here.
//
// Each function reads 16 bytes at `bytes`, which need not be aligned. In its result bit n stands for
// byte n.

#if defined(__SSE2__)
#include <emmintrin.h>
typedef __m128i trailmerge_block;

static inline trailmerge_block trailmerge_load(const void *bytes) {
  return _mm_loadu_si128((const __m128i *)bytes);
}
static inline void trailmerge_store(void *bytes, trailmerge_block block) {
  _mm_storeu_si128((__m128i *)bytes, block);
}
static inline trailmerge_block trailmerge_equal(trailmerge_block block, uint8_t byte) {
  return _mm_cmpeq_epi8(block, _mm_set1_epi8((char)byte));
}
static inline trailmerge_block trailmerge_at_most(trailmerge_block block, uint8_t byte) {
  return _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8((char)byte)), block);
}
static inline trailmerge_block trailmerge_or(trailmerge_block first, trailmerge_block second) {
  return _mm_or_si128(first, second);
}
// The highest bit of each byte.
static inline uint32_t trailmerge_high_bits(trailmerge_block block) {
  return (uint32_t)_mm_movemask_epi8(block);
}

#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
typedef uint8x16_t trailmerge_block;

static inline trailmerge_block trailmerge_load(const void *bytes) {
  return vld1q_u8((const uint8_t *)bytes);
}
static inline void trailmerge_store(void *bytes, trailmerge_block block) {
  vst1q_u8((uint8_t *)bytes, block);
}
static inline trailmerge_block trailmerge_equal(trailmerge_block block, uint8_t byte) {
  return vceqq_u8(block, vdupq_n_u8(byte));
}
static inline trailmerge_block trailmerge_at_most(trailmerge_block block, uint8_t byte) {
  return vcleq_u8(block, vdupq_n_u8(byte));
}
static inline trailmerge_block trailmerge_or(trailmerge_block first, trailmerge_block second) {
  return vorrq_u8(first, second);
}
static inline uint32_t trailmerge_high_bits(trailmerge_block block) {
  static const uint8_t places[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  uint8x16_t high = vcgeq_u8(block, vdupq_n_u8(0x80));
  uint8x16_t bits = vandq_u8(high, vld1q_u8(places));
  return vaddv_u8(vget_low_u8(bits)) | (uint32_t)vaddv_u8(vget_high_u8(bits)) << 8;
}

#else
typedef struct { uint8_t bytes[16]; } trailmerge_block;

static inline trailmerge_block trailmerge_load(const void *bytes) {
  trailmerge_block block;
  __builtin_memcpy(block.bytes, bytes, 16);
  return block;
}
static inline void trailmerge_store(void *bytes, trailmerge_block block) {
  __builtin_memcpy(bytes, block.bytes, 16);
}
static inline trailmerge_block trailmerge_equal(trailmerge_block block, uint8_t byte) {
  for (int n = 0; n < 16; n++) block.bytes[n] = block.bytes[n] == byte ? 0xFF : 0;
  return block;
}
static inline trailmerge_block trailmerge_at_most(trailmerge_block block, uint8_t byte) {
  for (int n = 0; n < 16; n++) block.bytes[n] = block.bytes[n] <= byte ? 0xFF : 0;
  return block;
}
static inline trailmerge_block trailmerge_or(trailmerge_block first, trailmerge_block second) {
  for (int n = 0; n < 16; n++) first.bytes[n] |= second.bytes[n];
  return first;
}
static inline uint32_t trailmerge_high_bits(trailmerge_block block) {
  uint32_t bits = 0;
  for (int n = 0; n < 16; n++) bits |= (uint32_t)(block.bytes[n] >> 7) << n;
  return bits;
}
#endif

// Which bytes are `byte`.
static inline uint32_t trailmerge_bytes(const void *bytes, uint8_t byte) {
  return trailmerge_high_bits(trailmerge_equal(trailmerge_load(bytes), byte));
}

// Which bytes are quotes or backslashes.
static inline uint32_t trailmerge_string_marks(const void *bytes) {
  trailmerge_block block = trailmerge_load(bytes);
  return trailmerge_high_bits(
      trailmerge_or(trailmerge_equal(block, '"'), trailmerge_equal(block, '\\')));
}

// Which bytes are quotes, backslashes or control characters below 0x20; in the upper half of the
// result, which are not ASCII.
static inline uint32_t trailmerge_text_marks(const void *bytes) {
  trailmerge_block block = trailmerge_load(bytes);
  trailmerge_block marks = trailmerge_or(trailmerge_equal(block, '"'), trailmerge_equal(block, '\\'));
  marks = trailmerge_or(marks, trailmerge_at_most(block, 0x1F));
  return trailmerge_high_bits(marks) | trailmerge_high_bits(block) << 16;
}

// Copies 16 bytes, and says which are quotes, control characters or not ASCII.
static inline uint32_t trailmerge_copy_quotable(void *target, const void *bytes) {
  trailmerge_block block = trailmerge_load(bytes);
  trailmerge_store(target, block);
  trailmerge_block marks = trailmerge_or(trailmerge_equal(block, '"'), trailmerge_equal(block, 0x7F));
  marks = trailmerge_or(marks, trailmerge_at_most(block, 0x1F));
  return trailmerge_high_bits(trailmerge_or(marks, block));
}

// Copies up to 16 bytes with every quote doubled, up to the first that is a control character or not
// ASCII. Reads up to 32 bytes and writes up to 48, of which those after the copy mean nothing. Sets
// `*copied` to how many bytes the copy is of, and returns how many it has.
static inline uint32_t trailmerge_double_quotes(void *target, const void *bytes, uint32_t *copied) {
  uint32_t marks = trailmerge_copy_quotable(target, bytes);
  uint32_t start = 0, length = 0;
  while (marks != 0) {
    uint32_t mark = (uint32_t)__builtin_ctz(marks);
    length += mark - start;
    start = mark;
    if (((const uint8_t *)bytes)[mark] != '"') {
      *copied = start;
      return length;
    }
    ((uint8_t *)target)[length] = '"';
    // From the quote on once more, one byte further up.
    length++;
    __builtin_memcpy((uint8_t *)target + length, (const uint8_t *)bytes + start, 16);
    marks &= marks - 1;
  }
  *copied = 16;
  return length + 16 - start;
}

// Copies 16 bytes, and says which are quotes, commas, backslashes, control characters or not ASCII.
static inline uint32_t trailmerge_copy_plain(void *target, const void *bytes) {
  trailmerge_block block = trailmerge_load(bytes);
  uint32_t quotable = trailmerge_copy_quotable(target, bytes);
  return quotable
      | trailmerge_high_bits(trailmerge_or(trailmerge_equal(block, ','), trailmerge_equal(block, '\\')));
}

#endif
