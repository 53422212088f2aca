using Microsoft.AspNetCore.Components.Forms;

namespace Bartizan.Portal.Parts;

/// <summary>A file that somebody chose, read as text. It stays here; the browser is not sent it back.</summary>
internal sealed record TextFile(string Name, string Text)
{
    /// <param name="most">In bytes.</param>
    public static async Task<(TextFile? File, string? Wrong)> ReadAsync(IBrowserFile file, long most)
    {
        if (file.Size > most)
        {
            return (null, $"The file has {Counts.Number(file.Size)} bytes; at most {Counts.Number(most)} are taken here. The command line takes larger ones.");
        }

        try
        {
            using var reader = new StreamReader(file.OpenReadStream(most));
            return (new TextFile(file.Name, await reader.ReadToEndAsync()), null);
        }
        catch (IOException e)
        {
            return (null, $"The file could not be read: {e.Message}");
        }
    }
}
