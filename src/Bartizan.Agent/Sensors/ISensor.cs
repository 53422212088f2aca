using Bartizan.Agent.Buffer;

namespace Bartizan.Agent.Sensors;

/// <summary>Fills one table. The agent asks it again and again; it answers with what is new.</summary>
public interface ISensor
{
    /// <summary>How long to wait between readings.</summary>
    TimeSpan Every { get; }

    /// <summary>What is new since <paramref name="positionOf"/> the sources it reads; asked again at once while there is more.</summary>
    IEnumerable<RowBatch> Read(Func<string, string?> positionOf);
}
