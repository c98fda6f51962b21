using System.Collections;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;

namespace Aspire.Hosting.Dashboard;

/// <summary>Values as the dashboard takes them.</summary>
internal static class WireValues
{
    internal static Value ToWire(object? value) => value switch
    {
        null => Value.ForNull(),
        string text => Value.ForString(text),
        bool flag => Value.ForBool(flag),
        byte or short or int or long or float or double or decimal => Value.ForNumber(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        DateTime time => Value.ForString(ToUtc(time).ToString("O", CultureInfo.InvariantCulture)),
        IEnumerable items => Value.ForList([.. items.Cast<object?>().Select(ToWire)]),
        IFormattable formattable => Value.ForString(formattable.ToString(format: null, CultureInfo.InvariantCulture)),
        _ => Value.ForString(value.ToString() ?? ""),
    };

    internal static Timestamp? ToWire(DateTime? time) => time is { } value ? Timestamp.FromDateTime(ToUtc(value)) : null;

    // A time that does not say where it is from is taken for UTC, which is what snapshots are to carry.
    private static DateTime ToUtc(DateTime time)
        => time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : DateTime.SpecifyKind(time, DateTimeKind.Utc);
}
