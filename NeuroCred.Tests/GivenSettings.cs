using Microsoft.Extensions.Configuration;
using NeuroCred.Settings;

namespace NeuroCred.Tests;

/// <summary>Settings as a test gives them.</summary>
internal static class GivenSettings
{
    public static SettingsReader Of(params IEnumerable<(string Key, string? Value)> values) =>
        new(new ConfigurationBuilder().AddInMemoryCollection(values.Select(v => KeyValuePair.Create(v.Key, v.Value))).Build());
}
