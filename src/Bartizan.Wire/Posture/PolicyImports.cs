namespace Bartizan.Wire.Posture;

/// <summary>What an import of Azure policy JSON took, and what it refused.</summary>
public sealed record PolicyImportReport(int Definitions, int Initiatives, IReadOnlyList<RefusedPolicy> Refused);

/// <param name="Name">File, place and name of what was refused.</param>
public sealed record RefusedPolicy(string Name, string Reason);
