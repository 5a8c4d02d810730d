// SPDX-License-Identifier: Apache-2.0
#pragma once

// Jobs by chance, with published statistics.
//
// Two populations share a site of AI training. Most jobs are small and short (evaluation,
// debugging, trials, many of which fail), and a few pretraining gangs take most of the GPU-time for
// weeks.
//
// The stream of jobs follows the GPU jobs of the Kalos cluster (19,907 of 62,413 jobs, six months
// of 2023; table cluster_summary.csv of InternLM/AcmeTrace, CC BY 4.0; Hu et al., NSDI '24,
// arXiv:2403.07648), of which these figures are public:
//
//   GPUs per job     mean 26.77, median 1, largest 1,024
//   run time         mean 1,259.689 s, median 124 s, longest 625,740 s
//   ends (jobs)      completed .541, cancelled .062, failed .397
//   GPU-time         1.667685146e9, 3.239202064e9, 0.426292851e9 GPU-s (completed, cancelled,
//                    failed): 267,905 GPU-s per job, eight times mean GPUs x mean run time, so that
//                    large jobs are the long ones
//
// Laws with just as many constants, fitted to these figures (computed; a test integrates the laws
// and finds the figures again):
//
//   run time   r = min(124 s exp(2.16162 Z_r), 625,740 s): log-normal, cut off at the longest
//   GPUs       powers of two; P(1) = 0.6 (assumed; the median asks for 0.5 or more),
//              P(2^k) ~ 0.763643^k for k = 1..10
//   both       normal copula: Z_g = rho Z_r + sqrt(1 - rho^2) Z', rho = 0.587073; the size is the
//              step of its distribution in which Z_g falls
//   end        weights 1 (completed), exp(-1.019832 + 0.296717 x) (cancelled),
//              exp(-0.899038 - 0.097356 x) (failed), x = ln(GPUs r / 1e5 GPU-s)
//   arrivals   Poisson (assumed), at the rate that gives the wanted share of the site's GPUs
//
// Pretraining gangs (assumed: number, relative sizes, 30 days of work) run from the beginning.
// Their hardware fails after exponential times with a mean of 50,678 GPU-hours of the gang: 419
// unexpected interruptions in 54 days on 16,384 GPUs (Llama 3, arXiv:2407.21783). They write
// checkpoints at least as often as Young found best, every sqrt(2 t_checkpoint t_between_failures)
// (Comm. ACM 17(9), 1974, doi:10.1145/361147.361115). Failures of the stream's jobs are in its
// published ends already.
//
// Power profiles (ranges assumed around the measured node of profile.hpp): start-up 60 to 180 s,
// iteration 0.2 to 8 s (log-uniform), duty 0.6 to 0.9, low level 0.3 to 0.7, checkpoint 10 to 60 s,
// one every 15 to 30 minutes of computing (the usual interval for large models, NVIDIA nvComp).
// Gangs of a whole node or more train in this way; smaller jobs draw a constant 0.3 to 0.9 of the
// peak (assumed). Requested time: 1.1 to 3 times the run time (assumed), in steps of 5 minutes.
//
// Every number is drawn from a named stream by the job's index: a longer horizon, a different site
// or another order of questions changes no job that was there before.

#include <cstdint>
#include <vector>

#include "twin/core/random.hpp"
#include "twin/core/time.hpp"
#include "twin/workload/job.hpp"

namespace ampacity {

// One job of the Kalos law, before it has a place in time.
struct JobDraw {
  int gpus = 1;
  double run_s = 0.0;
  JobEnd end = JobEnd::completed;
};

// The job that belongs to two independent normal scores and a number in (0, 1).
JobDraw draw_job(double run_score, double size_score, double end_chance);

// Draw `index` of the law.
JobDraw draw_job(const RandomStream& random, std::uint64_t index);

// Mean GPU-seconds per job of the law when gangs above `largest_gpus` (a power of two) are cut to
// it.
double mean_gpu_seconds(int largest_gpus);

// Gives a job with its kind and GPUs the power profile, work, checkpoints and requested time that
// suit `run_s`, its time on undisturbed racks, above 0. Training swings, all else is constant. (A
// run that would end within a checkpoint ends before it.) A requested time that is set already
// stays.
void draw_profile(Job& job, double run_s, const RandomStream& random, std::uint64_t index);

// A gang of a whole node or more is taken to train.
inline JobKind kind_by_size(int gpus, int gpus_per_node) {
  return gpus >= gpus_per_node ? JobKind::training : JobKind::other;
}

struct GeneratorOptions {
  std::uint64_t seed = 1;
  Time from;  // submissions from here; best 8 days before the run, so that it begins at work
  Time to;    // up to here
  int site_gpus = 0;
  int gpus_per_node = 8;
  double utilisation = 0.85;  // wanted mean share of the site's GPUs at work, above 0, at most 1
  double pretraining_share = 0.7;  // of it: GPUs of the pretraining gangs, 0 to 1
  int pretraining_gangs = 3;       // sizes in the ratio n : n-1 : ... : 1
};

// Jobs in the order of submission; identities count from 1. Throws ConfigurationError where the
// options are out of range or the site is too small for its gangs.
std::vector<Job> generate_jobs(const GeneratorOptions& options);

}  // namespace ampacity
