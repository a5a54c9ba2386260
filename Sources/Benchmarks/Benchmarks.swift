import ArgumentParser

/// Times the stages and whole jobs.
@main
struct Benchmarks: ParsableCommand {}
