using System.Diagnostics;
using System.Globalization;
using Bartizan.Benchmarks;
using BenchmarkDotNet.Running;

// A first figure in seconds; the benchmarks proper take minutes.
if (args is ["quick", ..])
{
    var translation = new KqlTranslation();
    translation.Open();
    for (var i = 0; i < 300; i++)
    {
        translation.Translate();
    }

    var clock = Stopwatch.StartNew();
    for (var i = 0; i < 300; i++)
    {
        translation.Translate();
    }

    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"kql: {clock.Elapsed.TotalMilliseconds / 300:F2} ms to translate a typical rule"));
    translation.Dispose();

    var ingestion = new Ingestion();
    ingestion.Open();
    await ingestion.Append();
    clock.Restart();
    for (var i = 0; i < 4; i++)
    {
        await ingestion.Append();
    }

    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ingestion: {4 * Ingestion.Events / clock.Elapsed.TotalSeconds:N0} events a second, durable"));
    ingestion.Dispose();

    var evaluation = new PolicyEvaluation();
    evaluation.Load();
    evaluation.Evaluate();
    var watch = Stopwatch.StartNew();
    var before = Environment.CpuUsage.TotalTime;
    var rounds = 0;
    for (; watch.Elapsed < TimeSpan.FromSeconds(5); rounds++)
    {
        evaluation.Evaluate();
    }

    // Per second of processor time: what one core does, also while others use it.
    var spent = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"policy: {evaluation.Count:N0} pairs, {evaluation.Count * (long)rounds / spent:N0} evaluations a second on one core ({evaluation.Count * (long)rounds / watch.Elapsed.TotalSeconds:N0} by the clock)"));
    return;
}

if (args is ["queue", ..])
{
    await IncidentQueue.RunAsync(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 100_000);
    return;
}

if (args is ["cost", ..])
{
    await QueryCost.RunAsync(args.Length > 1 ? long.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000);
    return;
}

if (args is ["terms", ..])
{
    await TermSearch.RunAsync(args.Length > 1 ? long.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000);
    return;
}

if (args is ["scheduler", ..])
{
    await RuleTimetables.RunAsync(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000);
    return;
}

if (args is ["sweep", ..])
{
    await Sweep.RunAsync(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10_000);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(PolicyEvaluation).Assembly).Run(args);
