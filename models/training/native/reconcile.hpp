// Brings the low views of a changed scene back to what they were, and leaves the high ones: opacities and base colours,
// by preconditioned gradient steps with Nesterov's momentum.
#pragma once
#include <cmath>
#include <vector>
#include "rasteriser.hpp"

/**
 * Geometry stays, so what every pixel takes of which splat is found once, and a step is a walk over that list. Pictures
 * over grey, and half the coverage as a fourth
 * channel: together the error over a random background. Each number's step is divided by a bound of its curvature (rows
 * and columns as in SIRT, Gregor and Benson 2008).
 */
class Reconciler {
    using Raster = Rasteriser<float>;
    using V = Raster::V;
    static constexpr int CHANNELS = 4;  // red, green, blue over GREY; GREY times the coverage
    static constexpr float GREY = 0.5f;
    static constexpr int NUMBERS = 4;  // of a splat: dc and opacity logit
    // in a pixel: what is below moves no picture, and is most of the list
    static constexpr float SMALLEST_WEIGHT = 0.002f;
    // An opaque splat hardly moves until it is one no more, so its curvature is taken as of a less opaque one, and no
    // step is longer than this many logits.
    static constexpr float SMALLEST_ROOM = 0.1f, LONGEST_STEP = 0.5f;

    /** What a row of a tile takes of a splat: falloff times opacity is alpha. */
    struct Taken {
        int splat, row;
        V falloff;
    };
    struct View {
        float share;  // of the view's error that counts
        std::vector<Taken> taken;
        std::vector<V> wanted[CHANNELS];  // of the list's pictures
        std::vector<float> turned;        // (n, 3) colour of the view's direction, which is not changed
    };

    const int n;
    const std::vector<float> start;
    size_t rows = 0;
    std::vector<View> views;
    std::vector<V> T, got[CHANNELS], passed[CHANNELS];

    std::vector<float> numbersOf(const float* scene) const {
        std::vector<float> x(NUMBERS * (size_t)n);
        for (int i = 0; i < n; i++)
            for (int k = 0; k < NUMBERS; k++)
                x[NUMBERS * (size_t)i + k] = scene[(size_t)i * WIDTH + (k < 3 ? 11 + k : 6)];
        return x;
    }

    /** Adds what the raster has drawn, times `factor`, to what is wanted. */
    void addPicture(const Raster& raster, View& view, float factor) const {
        raster.eachWeight([&](int i, int row, V, V weight) {
            for (int c = 0; c < CHANNELS; c++)
                view.wanted[c][row] += factor * weight * (c < 3 ? raster.splats[i].rgb[c] : GREY);
        });
        for (size_t row = 0; row < rows; row++)
            for (int c = 0; c < 3; c++) view.wanted[c][row] += factor * GREY * raster.transmittance[row];
    }

    void clear() {
        T.assign(rows, V{} + 1.f);
        for (int c = 0; c < CHANNELS; c++) passed[c].assign(rows, V{});
    }

    void colours(const View& view, const float* x, int i, float* rgb) const {
        for (int k = 0; k < 3; k++)
            rgb[k] = std::max(0.f, view.turned[3 * (size_t)i + k] + (float)C0 * x[NUMBERS * (size_t)i + k]);
        rgb[3] = GREY;
    }

    static V alphaOf(const Taken& t, float opacity, V& unclamped) {
        unclamped = t.falloff * opacity;
        return unclamped > (float)LARGEST_ALPHA ? V{} + (float)LARGEST_ALPHA : unclamped;
    }

    /**
     * Walks front to back: body(taken, opacity, rgb, alpha, unclamped, weight), and leaves the light that passed and
     * what it gathered.
     */
    template <class F>
    void walk(const View& view, const float* x, F body) {
        clear();
        float rgb[CHANNELS], opacity = 0;
        int current = -1;
        for (const Taken& t : view.taken) {
            if (t.splat != current)
                current = t.splat, colours(view, x, current, rgb),
                opacity = Raster::sigmoid(x[NUMBERS * (size_t)current + 3]);
            V unclamped;
            const V alpha = alphaOf(t, opacity, unclamped), weight = alpha * T[t.row];
            for (int c = 0; c < CHANNELS; c++) passed[c][t.row] += weight * rgb[c];
            body(t, opacity, rgb, alpha, unclamped, weight);
            T[t.row] *= 1.f - alpha;
        }
    }

    void draw(const View& view, const float* x) {
        walk(view, x, [](auto&&...) {});
        for (int c = 0; c < CHANNELS; c++) {
            got[c] = passed[c];
            if (c < 3)
                for (size_t row = 0; row < rows; row++) got[c][row] += GREY * T[row];
        }
    }

    /** d picture / d opacity logit of a channel, given what has passed up to and with the splat. room: 1 - opacity. */
    V slope(int c, const Taken& t, float room, const float* rgb, V alpha, V unclamped) const {
        const V behind = (got[c][t.row] - passed[c][t.row]) / (1.f - alpha);
        const V own = T[t.row] * rgb[c] - behind;
        return unclamped > (float)LARGEST_ALPHA ? V{} : own * alpha * room;
    }

    /** Adds the gradient of half the squared error. */
    void addGradient(const View& view, const float* x, float* gradient) {
        draw(view, x);
        std::vector<V> error[CHANNELS];
        for (int c = 0; c < CHANNELS; c++) {
            error[c].resize(rows);
            for (size_t row = 0; row < rows; row++) error[c][row] = view.share * (got[c][row] - view.wanted[c][row]);
        }
        // A colour that is cut off at 0 gets its slope all the same: it can't come back otherwise.
        walk(view, x, [&](const Taken& t, float opacity, const float* rgb, V alpha, V unclamped, V weight) {
            float* g = gradient + NUMBERS * (size_t)t.splat;
            V sum{};
            for (int c = 0; c < CHANNELS; c++) {
                if (c < 3) g[c] += (float)C0 * Raster::L::sum(weight * error[c][t.row]);
                sum += error[c][t.row] * slope(c, t, 1.f - opacity, rgb, alpha, unclamped);
            }
            g[3] += Raster::L::sum(sum);
        });
    }

    /** Adds the bound of each number's curvature: its slopes times all slopes of the same pixel. */
    void addCurvature(const View& view, const float* x, float* curvature) {
        draw(view, x);
        std::vector<V> all[CHANNELS];
        for (auto& channel : all) channel.assign(rows, V{});
        const auto absolute = [](V v) { return v < 0.f ? -v : v; };
        walk(view, x, [&](const Taken& t, float opacity, const float* rgb, V alpha, V unclamped, V weight) {
            for (int c = 0; c < CHANNELS; c++)
                all[c][t.row] += absolute(slope(c, t, std::max(SMALLEST_ROOM, 1.f - opacity), rgb, alpha, unclamped)) +
                                 (c < 3 ? (float)C0 : 0.f) * weight;
        });
        for (auto& channel : all)
            for (V& v : channel) v *= view.share;
        walk(view, x, [&](const Taken& t, float opacity, const float* rgb, V alpha, V unclamped, V weight) {
            float* o = curvature + NUMBERS * (size_t)t.splat;
            for (int c = 0; c < CHANNELS; c++) {
                if (c < 3) o[c] += (float)C0 * Raster::L::sum(weight * all[c][t.row]);
                o[3] += Raster::L::sum(
                    absolute(slope(c, t, std::max(SMALLEST_ROOM, 1.f - opacity), rgb, alpha, unclamped)) *
                    all[c][t.row]);
            }
        });
    }

  public:
    /** `cameras` (low + high): the low ones shall see `before`, the high ones `after`. */
    Reconciler(int n, const float* before, const float* after, int low, int high, const Camera<float>* cameras,
               int size, float share)
        : n(n), views(low + high), start(numbersOf(after)) {
        Raster raster;
        std::vector<float> image(3 * (size_t)size * size), left((size_t)size * size);
        const float grey[3] = {GREY, GREY, GREY};
        for (int v = 0; v < low + high; v++) {
            View& view = views[v];
            view.share = v < low ? 1.f : share;
            raster.forward(n, after, cameras[v], size, size, grey, image.data(), left.data());
            rows = raster.transmittance.size();
            for (auto& channel : view.wanted) channel.assign(rows, V{});
            raster.eachWeight([&](int i, int row, V unclamped, V weight) {
                if (Raster::L::any(weight >= SMALLEST_WEIGHT))
                    view.taken.push_back(
                        {i, row, (weight >= SMALLEST_WEIGHT ? unclamped : V{}) / raster.splats[i].opacity});
            });
            view.turned.resize(3 * (size_t)n);
            for (int i = 0; i < n; i++) {
                if (!raster.splats[i].visible) continue;
                Raster::Local l;
                Raster::local(after + (size_t)i * WIDTH, cameras[v], size, size, l);
                for (int k = 0; k < 3; k++)
                    view.turned[3 * (size_t)i + k] = l.raw[k] - (float)C0 * after[(size_t)i * WIDTH + 11 + k];
            }
            if (v < low) {
                addPicture(raster, view, -1.f);
                raster.forward(n, before, cameras[v], size, size, grey, image.data(), left.data());
                addPicture(raster, view, 1.f);
            }
            draw(view, start.data());  // what was left out of the list is in neither
            for (int c = 0; c < CHANNELS; c++)
                for (size_t row = 0; row < rows; row++) view.wanted[c][row] += got[c][row];
        }
    }

    /**
     * Changes dc and opacity logits of `after` (n, 23). `damping` (2): added to the curvature of dc and of opacity
     * logits; what the views hardly see stays.
     */
    void run(float* after, int steps, const float* damping) {
        const size_t total = NUMBERS * (size_t)n;
        std::vector<float> x = start, ahead(total), last, rate(total, 0.f), gradient(total);
        for (const View& view : views) addCurvature(view, x.data(), rate.data());
        for (size_t j = 0; j < total; j++) rate[j] = 1.f / (rate[j] + damping[j % NUMBERS == 3]);
        last = x;
        for (int step = 0; step < steps; step++) {
            const float momentum = step / (step + 3.f);
            for (size_t j = 0; j < total; j++) ahead[j] = x[j] + momentum * (x[j] - last[j]);
            std::fill(gradient.begin(), gradient.end(), 0.f);
            for (const View& view : views) addGradient(view, ahead.data(), gradient.data());
            last = x;
            for (size_t j = 0; j < total; j++) {
                const float move = rate[j] * gradient[j];
                x[j] = ahead[j] - (j % NUMBERS == 3 ? std::min(std::max(move, -LONGEST_STEP), LONGEST_STEP) : move);
            }
        }
        for (int i = 0; i < n; i++)
            for (int k = 0; k < NUMBERS; k++)
                after[(size_t)i * WIDTH + (k < 3 ? 11 + k : 6)] = x[NUMBERS * (size_t)i + k];
    }
};
