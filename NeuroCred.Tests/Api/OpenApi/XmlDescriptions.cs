using System.Xml.Linq;

namespace NeuroCred.Tests.Api.OpenApi;

/// <summary>What the XML documentation says of the types of a program, for a reader without the code.</summary>
internal sealed class XmlDescriptions
{
    private readonly Dictionary<string, XElement> _members;

    /// <param name="program">The name of a program that lies beside the tests.</param>
    public XmlDescriptions(string program) =>
        _members = XDocument
            .Load(Path.Combine(AppContext.BaseDirectory, $"{program}.xml"))
            .Descendants("member")
            .ToDictionary(member => (string)member.Attribute("name")!);

    /// <summary>A type's summary, or null.</summary>
    public string? Of(Type type) => Text(Find(type)?.Element("summary"));

    /// <summary>What a record says of its parameter, or null.</summary>
    public string? Of(Type type, string parameter) =>
        Text(
            Find(type)
                ?.Elements("param")
                .FirstOrDefault(p => string.Equals((string?)p.Attribute("name"), parameter, StringComparison.OrdinalIgnoreCase))
        );

    private XElement? Find(Type type) => _members.GetValueOrDefault($"T:{type.FullName}");

    private static string? Text(XElement? element) =>
        element is null
            ? null
            : string.Join(
                ' ',
                string.Concat(element.DescendantNodes().Select(Text)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            );

    private static string Text(XNode node) =>
        node switch
        {
            XText text => text.Value,
            XElement { FirstAttribute.Value: var name } => name.Split('.', ':')[^1], // see cref, paramref
            _ => "",
        };
}
