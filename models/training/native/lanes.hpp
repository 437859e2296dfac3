// Numbers that are computed together: one row of a tile, as wide as the processor's registers. Vector types of GCC and
// Clang.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

#ifdef __AVX512F__
constexpr int LANES = 16;
#else
constexpr int LANES = 8;
#endif

template <class R>
struct Lanes {
    typedef R V __attribute__((vector_size(LANES * sizeof(R))));
    using Integer = std::conditional_t<sizeof(R) == 4, int32_t, int64_t>;
    typedef Integer M __attribute__((vector_size(LANES * sizeof(R))));  // masks: all bits or none

    static V all(R value) { return V{} + value; }
    static V ramp() {
        V v;
        for (int i = 0; i < LANES; i++) v[i] = R(i);
        return v;
    }
    static bool any(M mask) {
        Integer bits = 0;
        for (int i = 0; i < LANES; i++) bits |= mask[i];
        return bits != 0;
    }
    static R sum(V v) {
        R total = 0;
        for (int i = 0; i < LANES; i++) total += v[i];
        return total;
    }

    /** e^x for x <= 0; relative error 2e-7 in single precision. */
    static V exponential(V x) {
        if constexpr (sizeof(R) == 8) {
            V v;
            for (int i = 0; i < LANES; i++) v[i] = std::exp(x[i]);
            return v;
        } else {
            x = x < R(-87) ? all(R(-87)) : x;
            const V t = x * R(1.44269504088896341);
            const M whole = __builtin_convertvector(t - R(0.5), M);  // rounds to nearest, as t is not positive
            const V f = t - __builtin_convertvector(whole, V);
            const V p = R(1) + f * (R(0.693147182) +
                                    f * (R(0.240226462) +
                                         f * (R(0.0555033237) + f * (R(0.00961817801) +
                                                                     f * (R(0.00133997286) + f * R(0.000154353141))))));
            const M bits = (whole + 127) << 23;
            V scale;
            std::memcpy(&scale, &bits, sizeof scale);
            return p * scale;
        }
    }
};
