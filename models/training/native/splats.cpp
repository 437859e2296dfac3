// What Python calls: pictures of splats with gradients, SSIM, fits, and pictures of textured meshes.
#include <omp.h>
#include <random>
#include "pictures.hpp"
#include "rasteriser.hpp"

namespace {

template <class R>
void render(int n, const R* scene, int views, const Camera<R>* cameras, int width, int height, const R* backgrounds,
            R* images) {
    const size_t pixels = (size_t)width * height;
#pragma omp parallel
    {
        Rasteriser<R> raster;
#pragma omp for schedule(dynamic, 1)
        for (int v = 0; v < views; v++)
            raster.forward(n, scene, cameras[v], width, height, backgrounds + 3 * v, images + 3 * pixels * v);
    }
}

template <class R>
void renderBackward(int n, const R* scene, int views, const Camera<R>* cameras, int width, int height,
                    const R* backgrounds, const R* imageGradients, R* gradient) {
    const size_t pixels = (size_t)width * height;
#pragma omp parallel
    {
        Rasteriser<R> raster;
        std::vector<R> image(3 * pixels), sum((size_t)n * WIDTH, R(0));  // of this thread's views
#pragma omp for schedule(dynamic, 1)
        for (int v = 0; v < views; v++) {
            raster.forward(n, scene, cameras[v], width, height, backgrounds + 3 * v, image.data());
            raster.backward(scene, cameras[v], backgrounds + 3 * v, imageGradients + 3 * pixels * v, sum.data());
        }
#pragma omp critical
        for (size_t i = 0; i < sum.size(); i++) gradient[i] += sum[i];
    }
}

/** Adds the share of every view to sums (n, VISIBILITY_SUMS). `size` is a multiple of TILE_HEIGHT. */
void accumulateVisibility(int n, const float* scene, int views, const Camera<float>* cameras, int size, float* sums) {
    const size_t pixels = (size_t)size * size;
    const float black[3] = {0, 0, 0};
    Rasteriser<float> raster;
    std::vector<float> image(3 * pixels);
    for (int v = 0; v < views; v++) {
        raster.forward(n, scene, cameras[v], size, size, black, image.data());
        raster.accumulateVisibility(sums);
    }
}

/** Adam of Kingma and Ba, one learning rate a column of the (n, 23) scene. */
struct Adam {
    std::vector<float> mean, square;
    int step = 0;
    explicit Adam(size_t size) : mean(size, 0.f), square(size, 0.f) {}
    void update(float* values, const float* gradient, int n, const float* rates) {
        step++;
        const float m = 1.f / (1 - std::pow(0.9f, step)), s = 1.f / (1 - std::pow(0.999f, step));
        for (int i = 0; i < n; i++)
            for (int k = 0; k < WIDTH; k++) {
                const size_t j = (size_t)i * WIDTH + k;
                mean[j] = 0.9f * mean[j] + 0.1f * gradient[j];
                square[j] = 0.999f * square[j] + 0.001f * gradient[j] * gradient[j];
                values[j] -= rates[k] * mean[j] * m / (std::sqrt(square[j] * s) + 1e-15f);
            }
    }
    void forget(int i) {
        for (int k = 0; k < WIDTH; k++) mean[(size_t)i * WIDTH + k] = square[(size_t)i * WIDTH + k] = 0;
    }
};

/**
 * Dead splats move onto live ones, drawn by opacity; both share the opacity (the relocation of 3DGS-MCMC, Kheradmand et
 * al. 2024, for two copies).
 */
void relocate(float* scene, int n, Adam& adam, std::mt19937& random) {
    std::vector<double> opacity(n);
    std::vector<int> dead;
    for (int i = 0; i < n; i++) {
        opacity[i] = Rasteriser<double>::sigmoid(scene[(size_t)i * WIDTH + 6]);
        if (opacity[i] < 0.01) dead.push_back(i), opacity[i] = 0;
    }
    if (dead.empty() || (int)dead.size() == n) return;
    std::discrete_distribution<int> draw(opacity.begin(), opacity.end());
    std::normal_distribution<float> normal;
    std::vector<int> sources(dead.size());
    for (int& source : sources) source = draw(random);
    for (int source : sources) {
        if (opacity[source] < 0) continue;
        float* s = scene + (size_t)source * WIDTH;
        const double shared = std::min(0.98, std::max(0.02, 1 - std::sqrt(1 - opacity[source])));
        s[6] = (float)std::log(shared / (1 - shared));
        for (int k = 3; k < 6; k++) s[k] -= 0.22f;
        opacity[source] = -1;  // changed once, however many copies
        adam.forget(source);
    }
    for (size_t d = 0; d < dead.size(); d++) {
        float *to = scene + (size_t)dead[d] * WIDTH, *from = scene + (size_t)sources[d] * WIDTH;
        std::memcpy(to, from, WIDTH * sizeof(float));
        for (int k = 0; k < 3; k++) to[k] += normal(random) * std::exp(from[3 + k]) * 0.5f;
        adam.forget(dead[d]);
    }
}

}  // namespace

extern "C" {

void render_float(int n, const float* scene, int views, const float* cameras, int width, int height,
                  const float* backgrounds, float* images) {
    render(n, scene, views, reinterpret_cast<const Camera<float>*>(cameras), width, height, backgrounds, images);
}
void render_double(int n, const double* scene, int views, const double* cameras, int width, int height,
                   const double* backgrounds, double* images) {
    render(n, scene, views, reinterpret_cast<const Camera<double>*>(cameras), width, height, backgrounds, images);
}
void visibility(int n, const float* scene, int views, const float* cameras, int size, float* sums) {
    accumulateVisibility(n, scene, views, reinterpret_cast<const Camera<float>*>(cameras), size, sums);
}
void render_backward_float(int n, const float* scene, int views, const float* cameras, int width, int height,
                           const float* backgrounds, const float* imageGradients, float* gradient) {
    renderBackward(n, scene, views, reinterpret_cast<const Camera<float>*>(cameras), width, height, backgrounds,
                   imageGradients, gradient);
}
void render_backward_double(int n, const double* scene, int views, const double* cameras, int width, int height,
                            const double* backgrounds, const double* imageGradients, double* gradient) {
    renderBackward(n, scene, views, reinterpret_cast<const Camera<double>*>(cameras), width, height, backgrounds,
                   imageGradients, gradient);
}

/**
 * Mean SSIM of planes (count, height, width): values (count), and gradients (count, height, width) by the first
 * argument.
 */
void ssim(int count, int width, int height, const float* a, const float* b, float* values, float* gradients) {
    const size_t pixels = (size_t)width * height;
#pragma omp parallel
    {
        Ssim similarity(width, height);
#pragma omp for schedule(dynamic, 1)
        for (int i = 0; i < count; i++)
            values[i] = (float)similarity.planes(a + pixels * i, b + pixels * i, gradients + pixels * i, 1.f);
    }
}

/**
 * Fits n splats, which `scene` (n, 23) starts, to pictures (views, height, width, 4: colour over black, coverage).
 * L1, and D-SSIM every other step, one random view and background a step. `rates` (23): Adam's learning rates;
 * positions decay to 2 %. relocating: dead splats move; without, every splat stays the one that it was.
 */
void fit(int n, float* scene, int steps, unsigned seed, int views, const float* cameras, int width, int height,
         const float* pictures, const float* rates, int relocating) {
    std::mt19937 random(seed);
    std::uniform_int_distribution<int> anyView(0, views - 1);
    std::uniform_real_distribution<float> uniform(0.f, 1.f);
    const size_t pixels = (size_t)width * height;
    Rasteriser<float> raster;
    Ssim similarity(width, height);
    Adam adam((size_t)n * WIDTH);
    std::vector<float> image(3 * pixels), slope(3 * pixels), gradient((size_t)n * WIDTH), planes(9 * pixels);
    float now[WIDTH];
    std::copy(rates, rates + WIDTH, now);
    for (int step = 0; step < steps; step++) {
        const Camera<float>& camera = reinterpret_cast<const Camera<float>*>(cameras)[anyView(random)];
        const float* target = pictures + 4 * pixels * (&camera - reinterpret_cast<const Camera<float>*>(cameras));
        const float background[3] = {uniform(random), uniform(random), uniform(random)};
        raster.forward(n, scene, camera, width, height, background, image.data());
        float *a = planes.data(), *b = a + 3 * pixels, *g = b + 3 * pixels;
        for (int k = 0; k < 3; k++)
            for (size_t i = 0; i < pixels; i++) {
                const float wanted = target[4 * i + k] + (1 - target[4 * i + 3]) * background[k],
                            got = image[3 * i + k];
                a[k * pixels + i] = got, b[k * pixels + i] = wanted;
                g[k * pixels + i] = (got > wanted ? 0.8f : got < wanted ? -0.8f : 0.f) / (3 * pixels);
            }
        if (step % 2 == 0)
            for (int k = 0; k < 3; k++) similarity.planes(a + k * pixels, b + k * pixels, g + k * pixels, -0.2f / 3);
        for (int k = 0; k < 3; k++)
            for (size_t i = 0; i < pixels; i++) slope[3 * i + k] = g[k * pixels + i];
        std::fill(gradient.begin(), gradient.end(), 0.f);
        raster.backward(scene, camera, background, slope.data(), gradient.data());
        for (int k = 0; k < 3; k++) now[k] = rates[k] * std::pow(0.02f, (float)step / steps);
        adam.update(scene, gradient.data(), n, now);
        if (relocating && step % 100 == 99 && step < 0.8 * steps) relocate(scene, n, adam, random);
    }
}

/**
 * Draws one picture of a textured mesh: corners (triangles, 3, 5: x, y in pixels, 1 / depth or 0 where behind the eye,
 * u, v), textures packed as RGBA bytes with (width, height, offset) each, shade (triangles, 3) of the corners, marks
 * (triangles) written where a triangle is seen. lens: focal lengths and principal point in pixels; sphere: centre in
 * the view's axes and radius, outside of which nothing is drawn, or radius 0. The caller clears colour (height, width,
 * 3), inverseDepth and seen.
 */
void mesh(int triangles, int width, int height, const float* corners, const int* textureOf, const int* textures,
          const unsigned char* texels, const float* shade, const float* marks, const float* lens, const float* sphere,
          float* colour, float* inverseDepth, float* seen) {
    for (int t = 0; t < triangles; t++) {
        const float *A = corners + 15 * (size_t)t, *B = A + 5, *C = A + 10;
        if (A[2] <= 0 || B[2] <= 0 || C[2] <= 0) continue;
        const float area = (B[0] - A[0]) * (C[1] - A[1]) - (C[0] - A[0]) * (B[1] - A[1]);
        if (std::fabs(area) < 1e-9f) continue;
        const int x0 = std::max(0, (int)std::floor(std::min({A[0], B[0], C[0]}))),
                  x1 = std::min(width - 1, (int)std::ceil(std::max({A[0], B[0], C[0]})));
        const int y0 = std::max(0, (int)std::floor(std::min({A[1], B[1], C[1]}))),
                  y1 = std::min(height - 1, (int)std::ceil(std::max({A[1], B[1], C[1]})));
        const int *texture = textures + 3 * textureOf[t], w = texture[0], h = texture[1];
        for (int y = y0; y <= y1; y++)
            for (int x = x0; x <= x1; x++) {
                const float px = x + 0.5f, py = y + 0.5f;
                const float b = ((px - A[0]) * (C[1] - A[1]) - (C[0] - A[0]) * (py - A[1])) / area;
                const float c = ((B[0] - A[0]) * (py - A[1]) - (px - A[0]) * (B[1] - A[1])) / area;
                const float a = 1 - b - c;
                if (a < 0 || b < 0 || c < 0) continue;
                const float near = a * A[2] + b * B[2] + c * C[2];
                const size_t pixel = (size_t)y * width + x;
                if (near <= inverseDepth[pixel]) continue;
                if (sphere[3] > 0) {
                    const float z = 1 / near, dx = (px - lens[2]) / lens[0] * z - sphere[0],
                                dy = (py - lens[3]) / lens[1] * z - sphere[1], dz = z - sphere[2];
                    if (dx * dx + dy * dy + dz * dz > sphere[3] * sphere[3]) continue;
                }
                float u = (a * A[2] * A[3] + b * B[2] * B[3] + c * C[2] * C[3]) / near,
                      v = (a * A[2] * A[4] + b * B[2] * B[4] + c * C[2] * C[4]) / near;
                u -= std::floor(u), v -= std::floor(v);
                const float tx = u * w - 0.5f, ty = (1 - v) * h - 0.5f;
                const int ix = (int)std::floor(tx), iy = (int)std::floor(ty);
                float texel[4] = {0, 0, 0, 0};
                for (int j = 0; j < 2; j++)
                    for (int i = 0; i < 2; i++) {
                        const int X = ((ix + i) % w + w) % w, Y = ((iy + j) % h + h) % h;
                        const float weight = (i ? tx - ix : 1 - tx + ix) * (j ? ty - iy : 1 - ty + iy);
                        for (int k = 0; k < 4; k++)
                            texel[k] += weight * texels[texture[2] + 4 * ((size_t)Y * w + X) + k];
                    }
                if (texel[3] < 128) continue;
                inverseDepth[pixel] = near, seen[pixel] = marks[t];
                const float* s = shade + 3 * t;
                const float light = (a * A[2] * s[0] + b * B[2] * s[1] + c * C[2] * s[2]) / near;
                for (int k = 0; k < 3; k++) colour[3 * pixel + k] = texel[k] * light / 255.f;
            }
    }
}
}
