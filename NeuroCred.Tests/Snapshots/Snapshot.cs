namespace NeuroCred.Tests.Snapshots;

/// <summary>Compares generated text with a file that is checked in, next to the test.</summary>
/// <remarks>With <c>NEUROCRED_UPDATE_SNAPSHOTS=1</c> in the environment the file is written instead: read the diff before you commit
/// it.</remarks>
internal static class Snapshot
{
    internal const string UpdateVariable = "NEUROCRED_UPDATE_SNAPSHOTS";

    /// <summary>Fails with the lines that differ.</summary>
    /// <param name="actual">The generated text.</param>
    /// <param name="path">The file, from the folder of NeuroCred.Tests.</param>
    public static void Matches(string actual, string path)
    {
        var file = Path.Combine(Repository.Folder, "NeuroCred.Tests", path);
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
            return;
        }

        var expected = File.Exists(file) ? File.ReadAllText(file) : "";
        if (actual != expected)
        {
            Assert.Fail(
                $"{path} differs from what is generated now ('-' expected, '+' generated). If the change is meant, run the tests "
                    + $"with {UpdateVariable}=1.{Environment.NewLine}{LineDiff.Of(expected, actual)}"
            );
        }
    }
}
