namespace Bartizan.Portal.Parts;

/// <summary>How environments are named and coloured.</summary>
internal static class Clouds
{
    public static string Name(string? environment) => environment?.ToUpperInvariant() switch
    {
        "AZURE" => "Azure",
        "AWS" => "AWS",
        "GCP" => "Google Cloud",
        "KUBERNETES" => "Kubernetes",
        "MACHINE" or "MACHINES" or "ONPREMISE" => "Machines",
        null or "" => "Unknown",
        _ => environment,
    };

    public static string Colour(string? environment) => environment?.ToUpperInvariant() switch
    {
        "AZURE" => "series-1",
        "AWS" => "series-2",
        "GCP" => "series-3",
        "KUBERNETES" => "series-4",
        _ => "series-6",
    };
}
