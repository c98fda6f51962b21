using System.Text;

namespace NeuroCred.Tests.Telemetry;

/// <summary>
/// A message in protobuf's wire format (https://protobuf.dev/programming-guides/encoding), of which only fields with a length are of
/// interest: messages, text, bytes.
/// </summary>
internal readonly record struct ProtobufMessage(ReadOnlyMemory<byte> Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    public string Hex => Convert.ToHexStringLower(Bytes.Span);

    /// <summary>All values of a field.</summary>
    public IEnumerable<ProtobufMessage> All(int field) => Fields().Where(f => f.Number == field).Select(f => f.Value);

    /// <summary>The value of a field that occurs once; empty when it is left out, as protobuf does with empty values.</summary>
    public ProtobufMessage One(int field) => All(field).FirstOrDefault();

    private IEnumerable<(int Number, ProtobufMessage Value)> Fields()
    {
        for (var at = 0; at < Bytes.Length; )
        {
            var tag = ReadNumber(ref at);
            switch (tag & 7)
            {
                case 0:
                    ReadNumber(ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    var length = (int)ReadNumber(ref at);
                    yield return ((int)(tag >> 3), new(Bytes.Slice(at, length)));
                    at += length;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new FormatException($"Protobuf has no wire type {tag & 7}.");
            }
        }
    }

    private ulong ReadNumber(ref int at)
    {
        var number = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = Bytes.Span[at++];
            number |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return number;
            }
        }
    }
}
