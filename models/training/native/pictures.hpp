// SSIM with its gradient, on planes of floats.
#pragma once
#include <cmath>
#include <vector>

/** Gaussian window of 11 taps, sigma 1.5, zero outside the picture: the convention of the 3DGS training code. */
struct Ssim {
    static constexpr int REACH = 5;
    float window[2 * REACH + 1];
    int width, height;
    std::vector<float> padded, rows, maps[5], slopes[3];

    Ssim(int w, int h)
        : width(w), height(h), padded((size_t)(w + 2 * REACH) * (h + 2 * REACH)), rows((size_t)w * (h + 2 * REACH)) {
        float total = 0;
        for (int i = 0; i <= 2 * REACH; i++) total += window[i] = std::exp(-(i - REACH) * (i - REACH) / 4.5f);
        for (float& tap : window) tap /= total;
        for (auto& map : maps) map.resize((size_t)w * h);
        for (auto& map : slopes) map.resize((size_t)w * h);
    }

    template <class F>
    void blur(F value, float* out) {
        const int stride = width + 2 * REACH;
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                padded[(size_t)(y + REACH) * stride + x + REACH] = value((size_t)y * width + x);
        for (int y = REACH; y < height + REACH; y++) {
            const float* in = &padded[(size_t)y * stride];
            float* row = &rows[(size_t)y * width];
            for (int x = 0; x < width; x++) {
                float sum = 0;
                for (int i = 0; i <= 2 * REACH; i++) sum += window[i] * in[x + i];
                row[x] = sum;
            }
        }
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) {
                float sum = 0;
                for (int i = 0; i <= 2 * REACH; i++) sum += window[i] * rows[(size_t)(y + i) * width + x];
                out[(size_t)y * width + x] = sum;
            }
    }

    /** Mean SSIM of two planes; adds weight * d SSIM / d a to `gradient` where one is given. */
    double planes(const float* a, const float* b, float* gradient, float weight) {
        blur([&](size_t i) { return a[i]; }, maps[0].data());
        blur([&](size_t i) { return b[i]; }, maps[1].data());
        blur([&](size_t i) { return a[i] * a[i]; }, maps[2].data());
        blur([&](size_t i) { return b[i] * b[i]; }, maps[3].data());
        blur([&](size_t i) { return a[i] * b[i]; }, maps[4].data());
        const size_t n = (size_t)width * height;
        const float c1 = 1e-4f, c2 = 9e-4f;
        double total = 0;
        for (size_t i = 0; i < n; i++) {
            const float m = maps[0][i], k = maps[1][i], va = maps[2][i] - m * m, vb = maps[3][i] - k * k,
                        cov = maps[4][i] - m * k;
            const float p = 2 * m * k + c1, q = 2 * cov + c2, r = m * m + k * k + c1, s = va + vb + c2,
                        value = p * q / (r * s);
            total += value;
            slopes[0][i] = 2 * k * q / (r * s) - 2 * k * p / (r * s) - 2 * m * value / r + 2 * m * value / s;
            slopes[1][i] = -value / s;
            slopes[2][i] = 2 * p / (r * s);
        }
        if (gradient != nullptr) {
            const float scale = weight / n;
            for (int map = 0; map < 3; map++) blur([&](size_t i) { return slopes[map][i]; }, maps[map].data());
            for (size_t i = 0; i < n; i++)
                gradient[i] += scale * (maps[0][i] + 2 * a[i] * maps[1][i] + b[i] * maps[2][i]);
        }
        return total / n;
    }
};
