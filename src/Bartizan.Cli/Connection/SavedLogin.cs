using System.Text.Json;
using Bartizan.Wire.Client;

namespace Bartizan.Cli.Connection;

/// <summary>The login that <c>bartizan login</c> leaves for the commands after it, in a file that only its owner can read.</summary>
internal static class SavedLogin
{
    private static string File { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("BARTIZAN_CONFIG") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.Create), "bartizan"),
        "login.json");

    public static ServerLogin? Read()
    {
        try
        {
            return System.IO.File.Exists(File) ? JsonSerializer.Deserialize<ServerLogin>(System.IO.File.ReadAllBytes(File), BartizanClient.Json) : null;
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static string Write(ServerLogin login)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.Delete(File);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(File, options);
        JsonSerializer.Serialize(stream, login, BartizanClient.Json);
        return File;
    }

    public static bool Remove()
    {
        var existed = System.IO.File.Exists(File);
        System.IO.File.Delete(File);
        return existed;
    }
}
