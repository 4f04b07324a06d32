/* Structured changes: the fuzzer's bytes as writes into memory that was sound.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef RETAKE_FUZZ_MUTATE_H
#define RETAKE_FUZZ_MUTATE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** A piece of memory that may be changed. */
struct mutate_piece {
    void *bytes;
    size_t n_bytes;
};

enum { MUTATE_BYTES = 12 };

/** Values that a counter, a size or a number of a hostile file would have. */
static const int64_t mutate_values[] = {0,          1,         -1,        2,
                                        INT64_MAX,  INT64_MIN, INT32_MAX, INT32_MIN,
                                        UINT16_MAX, INT16_MIN, 255,       INT64_C(1) << 40};
static const double mutate_reals[] = {0.0 / 0.0, 1.0 / 0.0, -1.0 / 0.0, 1e300, -1e300,
                                      1e18,      -0.5,      0.5,        1.5,   4e9};

/** Each MUTATE_BYTES are one write: piece, width and kind, place (8 bytes), value. */
static inline void mutate(const struct mutate_piece *pieces, size_t n_pieces, const uint8_t *data,
                          size_t n_bytes)
{
    enum { N_VALUES = sizeof mutate_values / sizeof mutate_values[0] };
    enum { N_REALS = sizeof mutate_reals / sizeof mutate_reals[0] };
    for (; n_bytes >= MUTATE_BYTES; data += MUTATE_BYTES, n_bytes -= MUTATE_BYTES) {
        const struct mutate_piece *piece = &pieces[data[0] % n_pieces];
        size_t width = (size_t)1 << (data[1] & 3), at = 0;
        unsigned char value[8];
        memcpy(&at, data + 2, 4);
        if (piece->n_bytes < width)
            continue;
        at = at % (piece->n_bytes / width) * width;
        memcpy(value, data + 4, sizeof value);
        if ((data[1] & 12) == 4)
            memcpy(value, &mutate_values[data[6] % N_VALUES], sizeof value);
        double real = mutate_reals[data[6] % N_REALS];
        float single = (float)real;
        if ((data[1] & 12) == 8)
            memcpy(value, width == 4 ? (void *)&single : (void *)&real, width == 4 ? 4 : 8);
        memcpy((char *)piece->bytes + at, value, width);
    }
}

#endif
