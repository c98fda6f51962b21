using System.Xml.Linq;

namespace NeuroCred.Tests.Browser;

/// <summary>A font of this machine, alone in a folder of its own, so that a browser can be made to see nothing else.</summary>
internal sealed class InstalledFont : IDisposable
{
    /// <summary>Where distributions and users put fonts.</summary>
    private static readonly string[] s_folders =
    [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local/share/fonts"),
    ];

    private readonly TemporaryFolder _folder = new();

    private InstalledFont(IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            File.Copy(file, Path.Combine(_folder.Path, Path.GetFileName(file)));
        }

        new XElement("fontconfig", new XElement("dir", _folder.Path), new XElement("cachedir", _folder.At("cache"))).Save(FontconfigFile);
    }

    /// <summary>What <c>FONTCONFIG_FILE</c> has to name for this font to be the only one.</summary>
    public string FontconfigFile => _folder.At("fonts.conf");

    /// <summary>Finds the regular and the bold face of a family, such as <c>DejaVu Sans</c>, or fails the test.</summary>
    public static InstalledFont Find(string family)
    {
        // A browser that lacks a font takes another one and says nothing: the test would then look at the same font twice.
        var faces = family.Replace(" ", "", StringComparison.Ordinal) switch
        {
            "DejaVuSans" => (string[])["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"],
            var name => [$"{name}-Regular.ttf", $"{name}-Bold.ttf"],
        };
        var files = Array.ConvertAll(
            faces,
            face =>
                s_folders
                    .Where(Directory.Exists)
                    .SelectMany(folder => Directory.EnumerateFiles(folder, face, SearchOption.AllDirectories))
                    .FirstOrDefault()
        );
        Assert.False(
            files.Contains(null),
            $"The font {family} is not installed ({string.Join(", ", faces)}): ./setup.sh --tests installs it."
        );
        return new InstalledFont(files!);
    }

    public void Dispose() => _folder.Dispose();
}
