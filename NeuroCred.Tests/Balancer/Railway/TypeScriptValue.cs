using System.Globalization;
using System.Text.Json;

namespace NeuroCred.Tests.Balancer.Railway;

/// <summary>
/// Reads a literal out of TypeScript: texts, numbers, arrays and objects. What else stands for a value (<c>database.env.X</c>) is kept as
/// its text. What is no literal is an error.
/// </summary>
internal sealed class TypeScriptValue
{
    private readonly string _text;
    private int _position;

    private TypeScriptValue(string text, int position) => (_text, _position) = (text, position);

    /// <summary>The literal that follows the first place where something stands.</summary>
    public static object ReadAfter(string text, string before)
    {
        var start = text.IndexOf(before, StringComparison.Ordinal);
        Assert.True(start >= 0, $"There is no {before}");
        return new TypeScriptValue(text, start + before.Length).Read();
    }

    private object Read()
    {
        SkipBlank();
        return Peek() switch
        {
            '{' => ReadObject(),
            '[' => ReadArray(),
            '"' => ReadText(),
            _ => ReadWord() is var word && decimal.TryParse(word, NumberStyles.AllowDecimalPoint, null, out var number)
                ? number
                : new TypeScriptExpression(word),
        };
    }

    private Dictionary<string, object> ReadObject()
    {
        Dictionary<string, object> members = [];
        _position++;
        for (SkipBlank(); Peek() != '}'; SkipComma('}'))
        {
            var name = Peek() == '"' ? ReadText() : ReadWord();
            SkipBlank();
            Expect(':');
            members.Add(name, Read());
        }

        Expect('}');
        return members;
    }

    private List<object> ReadArray()
    {
        List<object> items = [];
        _position++;
        for (SkipBlank(); Peek() != ']'; SkipComma(']'))
        {
            items.Add(Read());
        }

        Expect(']');
        return items;
    }

    private string ReadText()
    {
        var start = _position++;
        for (; Peek() != '"'; _position++)
        {
            _position += Peek() == '\\' ? 1 : 0;
        }

        return JsonSerializer.Deserialize<string>(_text.AsSpan(start, ++_position - start))!;
    }

    private string ReadWord()
    {
        var start = _position;
        while (char.IsAsciiLetterOrDigit(Peek()) || Peek() is '_' or '.')
        {
            _position++;
        }

        return _position > start ? _text[start.._position] : throw Unexpected();
    }

    private void SkipComma(char end)
    {
        SkipBlank();
        if (Peek() != end)
        {
            Expect(',');
            SkipBlank();
        }
    }

    private void SkipBlank()
    {
        while (char.IsWhiteSpace(Peek()) || _text.AsSpan(_position).StartsWith("//"))
        {
            _position = char.IsWhiteSpace(Peek()) ? _position + 1 : _text.IndexOf('\n', _position);
        }
    }

    private char Peek() => _position < _text.Length ? _text[_position] : throw new FormatException("The text ends too soon.");

    private void Expect(char expected)
    {
        if (Peek() != expected)
        {
            throw Unexpected();
        }

        _position++;
    }

    private FormatException Unexpected() =>
        new($"Line {_text.AsSpan(0, _position).Count('\n') + 1}: '{_text[_position]}' is not expected here.");
}

/// <summary>A value that is no literal.</summary>
internal sealed record TypeScriptExpression(string Text);
