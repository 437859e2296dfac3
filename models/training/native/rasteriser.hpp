// Differentiable rasteriser of the INRIA equations (Kerbl et al. 2023), degree-1 harmonics, one picture a call.
// The same rules as the product's CPU twin (renderer/core/reference-render.ts), float or double.
#pragma once
#include <algorithm>
#include <cstring>
#include <vector>
#include "lanes.hpp"

constexpr int TILE_WIDTH = LANES, TILE_HEIGHT = 16;
// Numbers a splat: position 3, log-scale 3, opacity logit 1, quaternion wxyz 4, dc 3, degree-1 harmonics 9
// (coefficient-major).
constexpr int WIDTH = 23;
// Sums a splat: weight, weight times the pixel's red, green and blue, times its coverage, times the splat's depth
// behind the pixel's; alpha without occlusion.
constexpr int VISIBILITY_SUMS = 7;
constexpr double NEAR_Z = 0.2, LOW_PASS = 0.3, LARGEST_ALPHA = 0.99, SMALLEST_ALPHA = 1.0 / 255,
                 TRANSMITTANCE_STOP = 1e-4;
constexpr double C0 = 0.28209479177387814, C1 = 0.4886025119029199;

/** x right, y down, z forward; focal lengths and principal point in pixels. */
template <class R>
struct Camera {
    R rotation[9], translation[3], fx, fy, cx, cy;
};

template <class R>
struct Projected {
    R x, y;     // pixels
    R a, b, c;  // inverse covariance xx, xy, yy
    R opacity, rgb[3];
    R extentX, extentY, reach;  // alpha is below 1/255 outside the box, and where the quadratic form exceeds `reach`
    R depth;
    bool visible;
};

template <class R>
struct Rasteriser {
    using L = Lanes<R>;
    using V = typename L::V;
    using M = typename L::M;

    int count = 0, width = 0, height = 0, tilesX = 0, tilesY = 0;
    std::vector<Projected<R>> splats;
    std::vector<uint32_t> keys, order, spare;
    std::vector<int> offsets, members;
    std::vector<V> transmittance;  // a row of a tile each
    std::vector<M> last;           // one past the last splat of the tile's list that a pixel took

    static R sigmoid(R x) { return R(1) / (R(1) + std::exp(-x)); }

    static void rotationOf(const R* q, R* m, R& norm) {
        norm = std::sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
        const R w = q[0] / norm, x = q[1] / norm, y = q[2] / norm, z = q[3] / norm;
        m[0] = 1 - 2 * (y * y + z * z), m[1] = 2 * (x * y - w * z), m[2] = 2 * (x * z + w * y);
        m[3] = 2 * (x * y + w * z), m[4] = 1 - 2 * (x * x + z * z), m[5] = 2 * (y * z - w * x);
        m[6] = 2 * (x * z - w * y), m[7] = 2 * (y * z + w * x), m[8] = 1 - 2 * (x * x + y * y);
    }

    /** What projection and its gradient share. */
    struct Local {
        R p[3], slopeX, slopeY, clampedX, clampedY, rotation[9], norm, scale[3], axes[9], u[3], v[3], A, B, C, det,
            direction[3], distance, raw[3];
    };

    static void local(const R* s, const Camera<R>& cam, int width, int height, Local& o) {
        const R* r = cam.rotation;
        for (int i = 0; i < 3; i++)
            o.p[i] = r[3 * i] * s[0] + r[3 * i + 1] * s[1] + r[3 * i + 2] * s[2] + cam.translation[i];
        o.slopeX = o.p[0] / o.p[2], o.slopeY = o.p[1] / o.p[2];
        const R marginX = R(0.15) * width / cam.fx, marginY = R(0.15) * height / cam.fy;
        o.clampedX = std::min(std::max(o.slopeX, -cam.cx / cam.fx - marginX), (width - cam.cx) / cam.fx + marginX);
        o.clampedY = std::min(std::max(o.slopeY, -cam.cy / cam.fy - marginY), (height - cam.cy) / cam.fy + marginY);
        rotationOf(s + 7, o.rotation, o.norm);
        for (int j = 0; j < 3; j++) o.scale[j] = std::exp(s[3 + j]);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                o.axes[3 * i + j] =
                    (r[3 * i] * o.rotation[j] + r[3 * i + 1] * o.rotation[3 + j] + r[3 * i + 2] * o.rotation[6 + j]) *
                    o.scale[j];
        const R kx = cam.fx / o.p[2], ky = cam.fy / o.p[2];
        o.A = o.C = R(LOW_PASS), o.B = 0;
        for (int j = 0; j < 3; j++) {
            o.u[j] = (o.axes[j] - o.clampedX * o.axes[6 + j]) * kx;
            o.v[j] = (o.axes[3 + j] - o.clampedY * o.axes[6 + j]) * ky;
            o.A += o.u[j] * o.u[j], o.B += o.u[j] * o.v[j], o.C += o.v[j] * o.v[j];
        }
        o.det = o.A * o.C - o.B * o.B;
        R away[3];
        for (int j = 0; j < 3; j++)
            away[j] = s[j] + r[j] * cam.translation[0] + r[3 + j] * cam.translation[1] + r[6 + j] * cam.translation[2];
        o.distance = std::sqrt(away[0] * away[0] + away[1] * away[1] + away[2] * away[2]);
        for (int j = 0; j < 3; j++) o.direction[j] = away[j] / o.distance;
        const R *dc = s + 11, *h = s + 14;
        for (int k = 0; k < 3; k++)
            o.raw[k] = R(0.5) + R(C0) * dc[k] +
                       R(C1) * (-o.direction[1] * h[k] + o.direction[2] * h[3 + k] - o.direction[0] * h[6 + k]);
    }

    void project(int n, const R* scene, const Camera<R>& cam) {
        splats.resize(n);
        for (int i = 0; i < n; i++) {
            const R* s = scene + (size_t)i * WIDTH;
            Projected<R>& o = splats[i];
            Local l;
            const R z = cam.rotation[6] * s[0] + cam.rotation[7] * s[1] + cam.rotation[8] * s[2] + cam.translation[2];
            o.opacity = sigmoid(s[6]);
            o.visible = z > R(NEAR_Z) && o.opacity >= R(SMALLEST_ALPHA);
            o.depth = z;
            if (!o.visible) continue;
            local(s, cam, width, height, l);
            o.x = cam.fx * l.slopeX + cam.cx, o.y = cam.fy * l.slopeY + cam.cy;
            o.a = l.C / l.det, o.b = -l.B / l.det, o.c = l.A / l.det;
            o.reach = 2 * std::log(255 * o.opacity);
            o.extentX = std::sqrt(o.reach * l.A), o.extentY = std::sqrt(o.reach * l.C);
            for (int k = 0; k < 3; k++) o.rgb[k] = std::max(R(0), l.raw[k]);
            o.visible =
                o.x + o.extentX > 0 && o.x - o.extentX < width && o.y + o.extentY > 0 && o.y - o.extentY < height;
        }
    }

    /** Stable order by depth, near to far: three passes of eleven bits (positive floats sort as integers). */
    void sortByDepth() {
        order.clear();
        for (int i = 0; i < count; i++)
            if (splats[i].visible) order.push_back(i);
        keys.resize(count), spare.resize(order.size());
        for (uint32_t i : order) {
            const float depth = (float)splats[i].depth;
            std::memcpy(&keys[i], &depth, 4);
        }
        for (int shift = 0; shift < 33; shift += 11) {
            uint32_t starts[2049] = {0};
            for (uint32_t i : order) starts[((keys[i] >> shift) & 2047) + 1]++;
            for (int b = 0; b < 2048; b++) starts[b + 1] += starts[b];
            for (uint32_t i : order) spare[starts[(keys[i] >> shift) & 2047]++] = i;
            order.swap(spare);
        }
    }

    template <class F>
    void eachTile(const Projected<R>& s, F body) {
        const int x0 = std::max(0, (int)std::floor((s.x - s.extentX) / TILE_WIDTH)),
                  x1 = std::min(tilesX - 1, (int)std::floor((s.x + s.extentX) / TILE_WIDTH));
        const int y0 = std::max(0, (int)std::floor((s.y - s.extentY) / TILE_HEIGHT)),
                  y1 = std::min(tilesY - 1, (int)std::floor((s.y + s.extentY) / TILE_HEIGHT));
        for (int y = y0; y <= y1; y++)
            for (int x = x0; x <= x1; x++) body(y * tilesX + x);
    }

    void bin() {
        offsets.assign(tilesX * tilesY + 1, 0);
        for (uint32_t i : order) eachTile(splats[i], [&](int tile) { offsets[tile + 1]++; });
        for (size_t t = 1; t < offsets.size(); t++) offsets[t] += offsets[t - 1];
        members.resize(offsets.back());
        std::vector<int> next(offsets.begin(), offsets.end() - 1);
        for (uint32_t i : order) eachTile(splats[i], [&](int tile) { members[next[tile]++] = (int)i; });
    }

    /** Rows of a tile that a splat can reach, and whether it reaches into one of them. */
    struct Rows {
        R x, y, slope, narrow, inverseA, reach;
        int first, last;
        Rows(const Projected<R>& s, int tileX, int tileY) {
            x = s.x - tileX * TILE_WIDTH - R(0.5), y = s.y - tileY * TILE_HEIGHT - R(0.5);
            first = std::max(0, (int)std::ceil(y - s.extentY)),
            last = std::min(TILE_HEIGHT - 1, (int)std::floor(y + s.extentY));
            slope = s.b / s.a, narrow = s.c - s.b * slope, inverseA = R(1) / s.a, reach = s.reach;
        }
        bool reaches(R dy) const {
            const R halfWidthSquared = (reach - narrow * dy * dy) * inverseA;  // of the ellipse in this row
            const R centre = x + slope * dy;
            const R outside = std::max(std::max(-centre, centre - (TILE_WIDTH - 1)), R(0));
            return halfWidthSquared >= 0 && outside * outside <= halfWidthSquared;
        }
    };

    static V alphaOf(const Projected<R>& s, V dx, R dy, V& unclamped) {
        const V power = dx * (dx * (R(-0.5) * s.a) - s.b * dy) - R(0.5) * s.c * dy * dy;
        unclamped = s.opacity * L::exponential(power > R(0) ? L::all(0) : power);
        return unclamped > R(LARGEST_ALPHA) ? L::all(R(LARGEST_ALPHA)) : unclamped;
    }

    /** Draws (n, 23) splats over a background into image (height, width, 3). */
    void forward(int n, const R* scene, const Camera<R>& cam, int w, int h, const R* background, R* image) {
        count = n, width = w, height = h, tilesX = (w + TILE_WIDTH - 1) / TILE_WIDTH,
        tilesY = (h + TILE_HEIGHT - 1) / TILE_HEIGHT;
        project(n, scene, cam);
        sortByDepth();
        bin();
        transmittance.resize((size_t)tilesX * tilesY * TILE_HEIGHT), last.resize(transmittance.size());
        const V lane = L::ramp();
        for (int tile = 0; tile < tilesX * tilesY; tile++) {
            const int tileX = tile % tilesX, tileY = tile / tilesX;
            V T[TILE_HEIGHT], red[TILE_HEIGHT], green[TILE_HEIGHT], blue[TILE_HEIGHT];
            M live[TILE_HEIGHT], end[TILE_HEIGHT];
            bool open[TILE_HEIGHT];  // rows with a live pixel
            int openRows = TILE_HEIGHT;
            for (int y = 0; y < TILE_HEIGHT; y++)
                T[y] = L::all(1), red[y] = green[y] = blue[y] = V{}, live[y] = ~M{}, end[y] = M{}, open[y] = true;
            for (int k = offsets[tile]; k < offsets[tile + 1]; k++) {
                const Projected<R>& s = splats[members[k]];
                const Rows rows(s, tileX, tileY);
                const V dx = rows.x - lane;
                for (int y = rows.first; y <= rows.last; y++) {
                    const R dy = rows.y - y;
                    if (!open[y] || !rows.reaches(dy)) continue;
                    V unclamped;
                    const V alpha = alphaOf(s, dx, dy, unclamped);
                    const V after = T[y] * (R(1) - alpha);
                    M hit = (alpha >= R(SMALLEST_ALPHA)) & live[y];
                    const M stop = hit & (after < R(TRANSMITTANCE_STOP));
                    if (L::any(stop)) {
                        live[y] &= ~stop, hit &= ~stop;
                        open[y] = L::any(live[y]);
                        openRows -= !open[y];
                    }
                    const V weight = hit ? alpha * T[y] : V{};
                    red[y] += weight * s.rgb[0], green[y] += weight * s.rgb[1], blue[y] += weight * s.rgb[2];
                    T[y] = hit ? after : T[y];
                    end[y] = hit ? M{} + (typename L::Integer)(k + 1) : end[y];
                }
                if (openRows == 0) break;
            }
            for (int y = 0; y < TILE_HEIGHT; y++) {
                transmittance[(size_t)tile * TILE_HEIGHT + y] = T[y], last[(size_t)tile * TILE_HEIGHT + y] = end[y];
                const int Y = tileY * TILE_HEIGHT + y;
                for (int x = 0; x < TILE_WIDTH && Y < h && tileX * TILE_WIDTH + x < w; x++) {
                    const size_t pixel = (size_t)Y * w + tileX * TILE_WIDTH + x;
                    image[3 * pixel] = red[y][x] + T[y][x] * background[0];
                    image[3 * pixel + 1] = green[y][x] + T[y][x] * background[1];
                    image[3 * pixel + 2] = blue[y][x] + T[y][x] * background[2];
                }
            }
        }
    }

    /**
     * After `forward` with the same arguments: adds d loss / d scene to `gradient` (n, 23), given d loss / d image
     * (height, width, 3).
     */
    void backward(const R* scene, const Camera<R>& cam, const R* background, const R* imageGradient, R* gradient) {
        struct Sums {
            R x, y, a, b, c, opacity, rgb[3];
        };
        std::vector<Sums> sums(count, Sums{});
        const V lane = L::ramp();
        for (int tile = 0; tile < tilesX * tilesY; tile++) {
            const int tileX = tile % tilesX, tileY = tile / tilesX;
            // behind: gradient times the colour that lies behind the splat
            V T[TILE_HEIGHT], g0[TILE_HEIGHT], g1[TILE_HEIGHT], g2[TILE_HEIGHT], behind[TILE_HEIGHT];
            M end[TILE_HEIGHT];
            typename L::Integer rowEnd[TILE_HEIGHT], stop = 0;
            for (int y = 0; y < TILE_HEIGHT; y++) {
                T[y] = transmittance[(size_t)tile * TILE_HEIGHT + y], end[y] = last[(size_t)tile * TILE_HEIGHT + y];
                g0[y] = g1[y] = g2[y] = V{};
                rowEnd[y] = 0;
                const int Y = tileY * TILE_HEIGHT + y;
                for (int x = 0; x < TILE_WIDTH; x++) {
                    rowEnd[y] = std::max(rowEnd[y], end[y][x]);
                    if (Y >= height || tileX * TILE_WIDTH + x >= width) continue;
                    const R* g = imageGradient + 3 * ((size_t)Y * width + tileX * TILE_WIDTH + x);
                    g0[y][x] = g[0], g1[y][x] = g[1], g2[y][x] = g[2];
                }
                stop = std::max(stop, rowEnd[y]);
                behind[y] = T[y] * (g0[y] * background[0] + g1[y] * background[1] + g2[y] * background[2]);
            }
            for (int k = (int)stop - 1; k >= offsets[tile]; k--) {
                const Projected<R>& s = splats[members[k]];
                const Rows rows(s, tileX, tileY);
                const V dx = rows.x - lane;
                V m = V{}, mx = V{}, mxx = V{}, my = V{}, mxy = V{}, myy = V{}, r = V{}, g = V{}, b = V{};
                for (int y = rows.first; y <= rows.last; y++) {
                    const R dy = rows.y - y;
                    if (k >= rowEnd[y] || !rows.reaches(dy)) continue;
                    V unclamped;
                    const V alpha = alphaOf(s, dx, dy, unclamped);
                    const M hit = (alpha >= R(SMALLEST_ALPHA)) & (end[y] > (typename L::Integer)k);
                    const V inverse = R(1) / (R(1) - alpha);
                    const V before = T[y] * inverse;
                    const V weight = hit ? alpha * before : V{};
                    r += weight * g0[y], g += weight * g1[y], b += weight * g2[y];
                    const V colour = g0[y] * s.rgb[0] + g1[y] * s.rgb[1] + g2[y] * s.rgb[2];  // gradient times it
                    const V slope = (before * colour - behind[y] * inverse) * alpha;
                    const V moved = (hit & (unclamped <= R(LARGEST_ALPHA))) ? slope : V{};
                    behind[y] += weight * colour;
                    T[y] = hit ? before : T[y];
                    const V movedX = moved * dx;
                    m += moved, mx += movedX, mxx += movedX * dx, my += moved * dy, mxy += movedX * dy,
                        myy += moved * (dy * dy);
                }
                Sums& o = sums[members[k]];
                const R sx = L::sum(mx), sy = L::sum(my);
                o.x -= s.a * sx + s.b * sy, o.y -= s.c * sy + s.b * sx;
                o.a -= R(0.5) * L::sum(mxx), o.b -= L::sum(mxy), o.c -= R(0.5) * L::sum(myy);
                o.opacity += L::sum(m) / s.opacity;
                o.rgb[0] += L::sum(r), o.rgb[1] += L::sum(g), o.rgb[2] += L::sum(b);
            }
        }
        for (int i = 0; i < count; i++) {
            if (!splats[i].visible) continue;
            const Sums& o = sums[i];
            projectBackward(scene + (size_t)i * WIDTH, cam, o.x, o.y, o.a, o.b, o.c, o.opacity, o.rgb,
                            splats[i].opacity, gradient + (size_t)i * WIDTH);
        }
    }

    /**
     * After `forward`: calls body(splat, row of a tile, weights of the row's pixels) for all fragments of the picture,
     * front to back in every pixel.
     */
    template <class F>
    void eachFragment(F body) const {
        const V lane = L::ramp();
        for (int tile = 0; tile < tilesX * tilesY; tile++) {
            V T[TILE_HEIGHT];
            for (int y = 0; y < TILE_HEIGHT; y++) T[y] = L::all(1);
            for (int k = offsets[tile]; k < offsets[tile + 1]; k++) {
                const Projected<R>& s = splats[members[k]];
                const Rows rows(s, tile % tilesX, tile / tilesX);
                const V dx = rows.x - lane;
                for (int y = rows.first; y <= rows.last; y++) {
                    const R dy = rows.y - y;
                    const M end = last[(size_t)tile * TILE_HEIGHT + y];
                    if (!rows.reaches(dy)) continue;
                    V unclamped;
                    const V alpha = alphaOf(s, dx, dy, unclamped);
                    const M hit = (alpha >= R(SMALLEST_ALPHA)) & (end > (typename L::Integer)k);
                    if (!L::any(hit)) continue;
                    body(members[k], tile * TILE_HEIGHT + y, hit ? alpha * T[y] : V{});
                    T[y] = hit ? T[y] * (R(1) - alpha) : T[y];
                }
            }
        }
    }

    /** After `forward`: adds this view's share to `sums` (n, VISIBILITY_SUMS). */
    void accumulateVisibility(R* sums) const {
        const size_t rows = transmittance.size();
        std::vector<V> red(rows, V{}), green(rows, V{}), blue(rows, V{}), depth(rows, V{});
        eachFragment([&](int i, int row, V weight) {
            const Projected<R>& s = splats[i];
            red[row] += weight * s.rgb[0], green[row] += weight * s.rgb[1], blue[row] += weight * s.rgb[2],
                depth[row] += weight * s.depth;
        });
        for (size_t row = 0; row < rows; row++) {
            const V covered = R(1) - transmittance[row];
            depth[row] /= covered > R(1e-6) ? covered : L::all(R(1e-6));
        }
        eachFragment([&](int i, int row, V weight) {
            R* o = sums + (size_t)i * VISIBILITY_SUMS;
            const R total = L::sum(weight);
            o[0] += total;
            o[1] += L::sum(weight * red[row]), o[2] += L::sum(weight * green[row]), o[3] += L::sum(weight * blue[row]);
            o[4] += L::sum(weight * (R(1) - transmittance[row]));
            o[5] += total * splats[i].depth - L::sum(weight * depth[row]);
        });
        for (int i = 0; i < count; i++)
            if (splats[i].visible)
                sums[(size_t)i * VISIBILITY_SUMS + 6] +=
                    splats[i].opacity * R(2 * M_PI) / std::sqrt(splats[i].a * splats[i].c - splats[i].b * splats[i].b);
    }

    void projectBackward(const R* s, const Camera<R>& cam, R gx, R gy, R ga, R gb, R gc, R gOpacity, const R* gRgb,
                         R opacity, R* out) {
        Local l;
        local(s, cam, width, height, l);
        const R inverse2 = R(1) / (l.det * l.det);
        const R gA = (-ga * l.C * l.C + gb * l.B * l.C - gc * l.B * l.B) * inverse2;
        const R gB = (2 * ga * l.B * l.C - gb * (l.A * l.C + l.B * l.B) + 2 * gc * l.A * l.B) * inverse2;
        const R gC = (-ga * l.B * l.B + gb * l.A * l.B - gc * l.A * l.A) * inverse2;
        const R z = l.p[2], kx = cam.fx / z, ky = cam.fy / z;
        R gAxes[9], gSlopeX = gx * cam.fx, gSlopeY = gy * cam.fy, gz = 0, gClampedX = 0, gClampedY = 0;
        for (int j = 0; j < 3; j++) {
            const R gu = 2 * gA * l.u[j] + gB * l.v[j], gv = 2 * gC * l.v[j] + gB * l.u[j];
            gAxes[j] = gu * kx, gAxes[3 + j] = gv * ky, gAxes[6 + j] = -(l.clampedX * gu * kx + l.clampedY * gv * ky);
            gClampedX -= gu * kx * l.axes[6 + j], gClampedY -= gv * ky * l.axes[6 + j];
            gz -= (gu * l.u[j] + gv * l.v[j]) / z;
        }
        if (l.clampedX == l.slopeX) gSlopeX += gClampedX;
        if (l.clampedY == l.slopeY) gSlopeY += gClampedY;
        const R gp[3] = {gSlopeX / z, gSlopeY / z, gz - (gSlopeX * l.slopeX + gSlopeY * l.slopeY) / z};
        const R* r = cam.rotation;
        R gRotation[9];  // of the splat's own rotation
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                gRotation[3 * i + j] =
                    (r[i] * gAxes[j] + r[3 + i] * gAxes[3 + j] + r[6 + i] * gAxes[6 + j]) * l.scale[j];
        for (int j = 0; j < 3; j++)
            out[3 + j] += gRotation[j] * l.rotation[j] + gRotation[3 + j] * l.rotation[3 + j] +
                          gRotation[6 + j] * l.rotation[6 + j];
        out[6] += gOpacity * opacity * (1 - opacity);

        const R w = s[7] / l.norm, x = s[8] / l.norm, y = s[9] / l.norm, q = s[10] / l.norm;
        const R* G = gRotation;
        R gq[4] = {
            2 * (-q * G[1] + y * G[2] + q * G[3] - x * G[5] - y * G[6] + x * G[7]),
            2 * (y * G[1] + q * G[2] + y * G[3] - 2 * x * G[4] - w * G[5] + q * G[6] + w * G[7] - 2 * x * G[8]),
            2 * (-2 * y * G[0] + x * G[1] + w * G[2] + x * G[3] + q * G[5] - w * G[6] + q * G[7] - 2 * y * G[8]),
            2 * (-2 * q * G[0] - w * G[1] + x * G[2] + w * G[3] - 2 * q * G[4] + y * G[5] + x * G[6] + y * G[7])};
        const R along = gq[0] * w + gq[1] * x + gq[2] * y + gq[3] * q;
        const R unit[4] = {w, x, y, q};
        for (int k = 0; k < 4; k++) out[7 + k] += (gq[k] - unit[k] * along) / l.norm;

        R gd[3] = {0, 0, 0};
        const R* h = s + 14;
        for (int k = 0; k < 3; k++) {
            if (l.raw[k] <= 0) continue;
            const R g = gRgb[k];
            out[11 + k] += R(C0) * g;
            out[14 + k] -= R(C1) * l.direction[1] * g, out[17 + k] += R(C1) * l.direction[2] * g,
                out[20 + k] -= R(C1) * l.direction[0] * g;
            gd[0] -= R(C1) * h[6 + k] * g, gd[1] -= R(C1) * h[k] * g, gd[2] += R(C1) * h[3 + k] * g;
        }
        const R radial = gd[0] * l.direction[0] + gd[1] * l.direction[1] + gd[2] * l.direction[2];
        for (int j = 0; j < 3; j++)
            out[j] +=
                r[j] * gp[0] + r[3 + j] * gp[1] + r[6 + j] * gp[2] + (gd[j] - l.direction[j] * radial) / l.distance;
    }
};
