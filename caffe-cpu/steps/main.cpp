// Runs the step that it is linked with: PROGRAM FILE REPETITIONS writes y and dx to FILE, and prints the milliseconds
// of processor time that each repetition takes.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

#include "step.hpp"

// The same numbers on every machine, evenly from -size to size. The seed is one of 1,500: no two numbers in a window of
// the max pooling are nearer than 2e-5, so that rounding decides nowhere which of them gets the gradient.
static std::vector<float> numbers(int count, float size) {
  static unsigned state = 1056;
  std::vector<float> result(count);
  for (float& number : result) {
    state = state * 1664525u + 1013904223u;
    number = size * (static_cast<float>(state >> 8) / (1 << 23) - 1);
  }
  return result;
}

static double milliseconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return 1e3 * now.tv_sec + 1e-6 * now.tv_nsec;
}

int main(int, char** words) {
  const auto x = numbers(kIn * kPixels, 1), weights = numbers(kOut * kIn * kTaps, 0.1f), bias = numbers(kOut, 0.1f);
  const auto dy = numbers(kOut * kPooled, 1);
  std::vector<float> y(kOut * kPooled), dx(kIn * kPixels);
  const Given given = {x.data(), weights.data(), bias.data(), dy.data()};
  const Found found = {y.data(), dx.data()};

  step(given, found);
  std::FILE* file = std::fopen(words[1], "wb");
  std::fwrite(y.data(), sizeof(float), y.size(), file);
  std::fwrite(dx.data(), sizeof(float), dx.size(), file);
  std::fclose(file);

  for (int i = 0; i < std::atoi(words[2]); ++i) {
    const double start = milliseconds();
    step(given, found);
    std::printf("%.4f\n", milliseconds() - start);
  }
}
