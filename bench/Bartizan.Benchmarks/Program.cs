using System.Diagnostics;
using System.Globalization;
using Bartizan.Benchmarks;
using BenchmarkDotNet.Running;

// A first figure in seconds; the benchmarks proper take minutes.
if (args is ["quick", ..])
{
    var evaluation = new PolicyEvaluation();
    evaluation.Load();
    evaluation.Evaluate();
    var watch = Stopwatch.StartNew();
    var rounds = 0;
    for (; watch.Elapsed < TimeSpan.FromSeconds(5); rounds++)
    {
        evaluation.Evaluate();
    }

    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"policy: {evaluation.Count:N0} pairs, {evaluation.Count * rounds / watch.Elapsed.TotalSeconds:N0} evaluations a second on one core"));
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(PolicyEvaluation).Assembly).Run(args);
