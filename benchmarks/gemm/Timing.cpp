// Samples and their statistics.
#include "Timing.h"

#include <algorithm>
#include <chrono>
#include <cmath>

using namespace tfc::bench;

static double secondsOf(const std::function<void()> &run, int repeats) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < repeats; ++i)
    run();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / repeats;
}

void tfc::bench::measure(std::vector<Candidate> &candidates, int rounds, double sampleSeconds) {
  for (Candidate &candidate : candidates) {
    candidate.run();
    const double once = std::min(secondsOf(candidate.run, 1), secondsOf(candidate.run, 3));
    candidate.repeats = std::max(1, static_cast<int>(sampleSeconds / once));
    candidate.samples.clear();
  }
  for (int round = 0; round < rounds; ++round)
    for (size_t i = 0; i < candidates.size(); ++i) {
      Candidate &candidate = candidates[(i + round) % candidates.size()];
      candidate.samples.push_back(secondsOf(candidate.run, candidate.repeats));
    }
}

double tfc::bench::quantile(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<size_t>(q * values.size()))];
}

double tfc::bench::speedup(const Candidate &base, const Candidate &candidate) {
  std::vector<double> ratios;
  for (size_t i = 0; i < base.samples.size(); ++i)
    ratios.push_back(base.samples[i] / candidate.samples[i]);
  return quantile(ratios, 0.5);
}

double tfc::bench::geometricMean(const std::vector<double> &values) {
  double sum = 0;
  for (double value : values)
    sum += std::log(value);
  return std::exp(sum / values.size());
}
