namespace NeuroCred.Tests.Npm;

/// <summary>The tools from npm that tests use. <c>./setup.sh --tests</c> installs what <c>package.json</c> here names.</summary>
internal static class NpmTools
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);

    private static readonly string s_folder = Path.Combine(Repository.Folder, "NeuroCred.Tests/Npm");

    private static readonly Lock s_turn = new();

    // One for all tests: to start takes longer than all their answers. It ends when this program does, which closes its input.
    private static readonly Lazy<Process> s_reader = new(() =>
        Process.Start(
            new ProcessStartInfo("node", [Path.Combine(s_folder, "read.mjs")])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!
    );

    public static string Packages { get; } = Path.Combine(s_folder, "node_modules");

    public static void SkipIfMissing()
    {
        Assert.SkipWhen(Tool.Find("node") is null, "node is not installed.");
        Assert.SkipUnless(
            File.Exists(Path.Combine(Packages, ".package-lock.json")),
            "The tools from npm are not installed: ./setup.sh --tests installs them."
        );
    }

    /// <summary>Reads Terraform's language with HashiCorp's own parser. What is computed is text: <c>${var.name}</c>.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Dictionary<string, object?> ReadHcl(string text) => Read("hcl", text);

    /// <summary>What Railway's package makes of a project that is defined in TypeScript.</summary>
    /// <exception cref="FormatException">It defines none.</exception>
    public static Dictionary<string, object?> ReadRailway(string file) => Read("railway", file);

    private static Dictionary<string, object?> Read(string format, string what)
    {
        SkipIfMissing();
        lock (s_turn)
        {
            s_reader.Value.StandardInput.WriteLine(JsonSerializer.Serialize<string[]>([format, what]));
            var line = s_reader.Value.StandardOutput.ReadLineAsync();
            Assert.True(line.Wait(s_longest), $"read.mjs did not answer within {s_longest}.");
            using var answer = JsonDocument.Parse(line.Result ?? throw new InvalidOperationException("read.mjs has ended."));
            return answer.RootElement[1].GetString() is { } fault
                ? throw new FormatException(fault)
                : (Dictionary<string, object?>)Value(answer.RootElement[0])!;
        }
    }

    private static object? Value(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Object => json.EnumerateObject().ToDictionary(member => member.Name, member => Value(member.Value)),
            JsonValueKind.Array => json.EnumerateArray().Select(Value).ToList(),
            JsonValueKind.Number => json.GetDecimal(),
            JsonValueKind.True or JsonValueKind.False => json.GetBoolean(),
            _ => json.GetString(),
        };
}
