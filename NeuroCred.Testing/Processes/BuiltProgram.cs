namespace NeuroCred.Testing.Processes;

/// <summary>The programs of the solution, where the build has put them and the AppHost starts them.</summary>
internal static class BuiltProgram
{
    /// <summary>The assembly of a program, built in the configuration of this one.</summary>
    /// <param name="name">The program's project, such as <c>NeuroCred.Api</c>.</param>
    public static string PathOf(string name)
    {
        var here = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.Combine(here.Parent!.Parent!.FullName, name, here.Name, $"{name}.dll");
    }
}
