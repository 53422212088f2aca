using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bartizan.Cli.Check;

/// <summary>JSON as the reports write it.</summary>
internal static class ReportWriter
{
    public static string Write(Action<Utf8JsonWriter> body)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            body(writer);
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }
}
