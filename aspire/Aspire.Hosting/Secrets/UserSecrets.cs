using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration.UserSecrets;

namespace Aspire.Hosting.Secrets;

/// <summary>The AppHost's user secrets: where values that were generated once are kept between runs.</summary>
internal sealed class UserSecrets(string? userSecretsId)
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    // What the configuration accepts when it reads the file.
    private static readonly JsonDocumentOptions s_lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    internal string? FilePath { get; } = userSecretsId is null ? null : PathHelper.GetSecretsPathFromSecretsId(userSecretsId);

    /// <summary>Gets a value, making and keeping it if there is none. Two AppHosts that start at once agree on one value.</summary>
    /// <exception cref="DistributedApplicationException">The file cannot be read or written.</exception>
    internal string GetOrAdd(string key, Func<string> factory)
    {
        if (FilePath is null)
        {
            return factory();
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
            using var exclusive = Lock(FilePath + ".lock");
            var secrets = File.Exists(FilePath) ? JsonNode.Parse(File.ReadAllText(FilePath), documentOptions: s_lenient) as JsonObject ?? [] : [];
            if (secrets[key]?.ToString() is { Length: > 0 } existing)
            {
                return existing;
            }

            var value = factory();
            secrets[key] = value;
            var temporary = $"{FilePath}.{Environment.ProcessId}";
            using (var stream = new FileStream(temporary, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = OperatingSystem.IsWindows() ? null : UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
            {
                JsonSerializer.Serialize(stream, secrets, s_indented);
            }

            File.Move(temporary, FilePath, overwrite: true);
            return value;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new DistributedApplicationException(
                $"The value of '{key}' could not be kept in '{FilePath}': {e.Message} Make the file readable and writable, or give the value in the configuration.", e);
        }
    }

    // The file stays: were it removed, one who opened it before could lock what the next one does not see any more.
    private static FileStream Lock(string path)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(5); ; Thread.Sleep(20))
        {
            try
            {
                return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (DateTime.UtcNow < deadline)
            {
            }
        }
    }
}
