// Interleaved timing of candidates that do the same work.
#ifndef TFC_BENCHMARKS_GEMM_TIMING_H
#define TFC_BENCHMARKS_GEMM_TIMING_H

#include <functional>
#include <string>
#include <vector>

namespace tfc::bench {

struct Candidate {
  std::string name;
  std::function<void()> run;
  /// Seconds a run, one sample a round.
  std::vector<double> samples;
  int repeats = 1;
};

/// Takes `rounds` samples of each candidate in turn, so that disturbances hit all alike, each at least `sampleSeconds`
/// long.
void measure(std::vector<Candidate> &candidates, int rounds, double sampleSeconds);

double quantile(std::vector<double> values, double q);

/// Median over rounds of how many times faster `candidate` ran than `base`.
double speedup(const Candidate &base, const Candidate &candidate);

double geometricMean(const std::vector<double> &values);

} // namespace tfc::bench

#endif // TFC_BENCHMARKS_GEMM_TIMING_H
