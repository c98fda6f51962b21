using CliWrap;
using CliWrap.Buffered;

namespace NeuroCred.Testing.Processes;

/// <summary>Programs of this machine that run to their end.</summary>
internal static class Tool
{
    /// <summary>Where a program is, or null. Debian keeps servers where not everyone's PATH looks.</summary>
    public static string? Find(string name) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/local/sbin:/usr/sbin:/sbin"
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    /// <summary>Where a program is.</summary>
    /// <exception cref="FileNotFoundException">It is not installed.</exception>
    public static string Require(string name) =>
        Find(name) ?? throw new FileNotFoundException($"'{name}' is not installed. Run ./setup.sh --benchmarks, which installs it.");

    /// <summary>Runs a program. Its output is what it wrote to both streams.</summary>
    public static async Task<(int Code, string Output)> RunAsync(
        string program,
        string folder,
        IReadOnlyDictionary<string, string> environment,
        params string[] arguments
    )
    {
        var result = await Cli.Wrap(program)
            .WithArguments(arguments)
            .WithWorkingDirectory(folder)
            .WithEnvironmentVariables(environment.ToDictionary(v => v.Key, v => (string?)v.Value))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        return (result.ExitCode, result.StandardOutput + result.StandardError);
    }

    /// <summary>Runs a program with the environment of this process.</summary>
    public static Task<(int Code, string Output)> RunAsync(string program, params string[] arguments) => RunInAsync("", program, arguments);

    /// <summary>Runs a program in a folder, with the environment of this process.</summary>
    public static Task<(int Code, string Output)> RunInAsync(string folder, string program, params string[] arguments) =>
        RunAsync(program, folder, new Dictionary<string, string>(), arguments);
}
