using System.Globalization;
using System.Text;
using System.Text.Json;

namespace NeuroCred.Tests.Balancer.Alb;

/// <summary>
/// Reads the part of Terraform's language that is rendered here: blocks, attributes, and of expressions the literals, lists and objects.
/// Anything else an expression may be (references, calls, sums) is kept as its text. What is not in that part is an error.
/// </summary>
internal sealed class HclParser
{
    private readonly string _text;
    private int _position;

    private HclParser(string text) => _text = text;

    public static HclBody Parse(string text)
    {
        var parser = new HclParser(text);
        var body = parser.ReadBody(nested: false);
        return parser._position == text.Length ? body : throw parser.Unexpected();
    }

    private HclBody ReadBody(bool nested)
    {
        var body = new HclBody();
        while (true)
        {
            SkipBlank(lines: true);
            if (_position == _text.Length || (nested && Peek() == '}'))
            {
                return body;
            }

            var name = ReadWord();
            SkipBlank(lines: false);
            if (Peek() == '=')
            {
                _position++;
                SkipBlank(lines: false);
                if (!body.Attributes.TryAdd(name, ReadExpression()))
                {
                    throw new FormatException($"'{name}' is there twice.");
                }

                SkipBlank(lines: false);
                if (_position < _text.Length && Peek() is not ('\n' or '}'))
                {
                    throw Unexpected();
                }
            }
            else
            {
                body.Blocks.Add(ReadBlock(name));
            }
        }
    }

    private HclBlock ReadBlock(string type)
    {
        List<string> labels = [];
        while (Peek() == '"')
        {
            labels.Add((string)ReadText()!);
            SkipBlank(lines: false);
        }

        Expect('{');
        var body = ReadBody(nested: true);
        Expect('}');
        return new(type, labels, body);
    }

    private object? ReadExpression()
    {
        var start = _position;
        var value = Peek() switch
        {
            '"' => ReadText(),
            '[' => ReadList(),
            '{' => ReadObject(),
            _ => ReadOther(),
        };
        var end = _position;
        SkipBlank(lines: false);
        // An operator follows: it is no literal after all.
        if (_position < _text.Length && Peek() is '?' or '*' or '+' or '/' or '-' or '=' or '.')
        {
            ReadOther();
            return new HclExpression(_text[start.._position].Trim());
        }

        _position = end;
        return value;
    }

    private object? ReadText()
    {
        var start = _position++;
        for (; Peek() != '"'; _position++)
        {
            if (_text[_position] == '\\')
            {
                _position++;
            }
            else if (_text.AsSpan(_position).StartsWith("${") && _text[_position - 1] != '$')
            {
                // What is computed may hold quotes of its own.
                _position += 2;
                SkipNested('}');
                _position--;
            }
        }

        _position++;
        var quoted = _text[start.._position];
        var plain = quoted.Replace("$${", "", StringComparison.Ordinal).Replace("%%{", "", StringComparison.Ordinal);
        return plain.Contains("${", StringComparison.Ordinal) || plain.Contains("%{", StringComparison.Ordinal)
            ? new HclExpression(quoted)
            : JsonSerializer
                .Deserialize<string>(quoted)!
                .Replace("$${", "${", StringComparison.Ordinal)
                .Replace("%%{", "%{", StringComparison.Ordinal);
    }

    private object ReadList()
    {
        var start = _position;
        Expect('[');
        SkipBlank(lines: true);
        if (_text.AsSpan(_position).StartsWith("for "))
        {
            SkipNested(']');
            return new HclExpression(_text[start.._position]);
        }

        List<object?> items = [];
        while (Peek() != ']')
        {
            items.Add(ReadExpression());
            SkipSeparator();
        }

        Expect(']');
        return items;
    }

    private Dictionary<string, object?> ReadObject()
    {
        Expect('{');
        SkipBlank(lines: true);
        Dictionary<string, object?> members = [];
        while (Peek() != '}')
        {
            var name = Peek() == '"' ? (string)ReadText()! : ReadWord();
            SkipBlank(lines: false);
            Expect('=');
            SkipBlank(lines: false);
            members.Add(name, ReadExpression());
            SkipSeparator();
        }

        Expect('}');
        return members;
    }

    private object? ReadOther()
    {
        var start = _position;
        while (_position < _text.Length && Peek() is not (',' or '\n' or '}' or ']' or ')'))
        {
            if (Peek() is '(' or '[' or '{')
            {
                var close = Peek() switch
                {
                    '(' => ')',
                    '[' => ']',
                    _ => '}',
                };
                _position++;
                SkipNested(close);
            }
            else if (Peek() == '"')
            {
                ReadText();
            }
            else
            {
                _position++;
            }
        }

        var text = _text[start.._position].Trim();
        return text switch
        {
            "" => throw Unexpected(),
            "true" => true,
            "false" => false,
            "null" => null,
            _ => decimal.TryParse(text, NumberStyles.Float, null, out var number) ? number : new HclExpression(text),
        };
    }

    private void SkipNested(char close)
    {
        while (Peek() != close)
        {
            if (Peek() == '"')
            {
                ReadText();
            }
            else if (Peek() is '(' or '[' or '{')
            {
                var inner = Peek() switch
                {
                    '(' => ')',
                    '[' => ']',
                    _ => '}',
                };
                _position++;
                SkipNested(inner);
            }
            else if (Peek() is ')' or ']' or '}')
            {
                throw Unexpected();
            }
            else
            {
                _position++;
            }
        }

        _position++;
    }

    private void SkipSeparator()
    {
        SkipBlank(lines: true);
        if (Peek() == ',')
        {
            _position++;
            SkipBlank(lines: true);
        }
    }

    private void SkipBlank(bool lines)
    {
        while (_position < _text.Length)
        {
            if (_text[_position] == '#')
            {
                _position = _text.IndexOf('\n', _position) is var end and >= 0 ? end : _text.Length;
            }
            else if (_text[_position] == ' ' || (lines && _text[_position] == '\n'))
            {
                _position++;
            }
            else
            {
                return;
            }
        }
    }

    private string ReadWord()
    {
        var word = new StringBuilder();
        while (_position < _text.Length && (char.IsAsciiLetterOrDigit(_text[_position]) || _text[_position] is '_' or '-'))
        {
            word.Append(_text[_position++]);
        }

        return word.Length > 0 ? word.ToString() : throw Unexpected();
    }

    private char Peek() => _position < _text.Length ? _text[_position] : throw Unexpected();

    private void Expect(char expected)
    {
        if (Peek() != expected)
        {
            throw Unexpected();
        }

        _position++;
    }

    private FormatException Unexpected() =>
        new(
            _position < _text.Length
                ? $"Line {_text.AsSpan(0, _position).Count('\n') + 1}: '{_text[_position]}' is not expected here."
                : "The text ends too soon."
        );
}

/// <summary>What a file or a block holds.</summary>
internal sealed class HclBody
{
    public Dictionary<string, object?> Attributes { get; } = [];

    public List<HclBlock> Blocks { get; } = [];

    public object? this[string attribute] =>
        Attributes.TryGetValue(attribute, out var value)
            ? value
            : throw new KeyNotFoundException($"There is no '{attribute}': there are {string.Join(", ", Attributes.Keys)}.");

    /// <summary>The one block of a type and with labels.</summary>
    public HclBody Block(string type, params string[] labels) =>
        Assert.Single(Blocks, block => block.Type == type && block.Labels.SequenceEqual(labels)).Body;
}

/// <summary>A block: <c>resource "aws_lb" "gateway" { ... }</c>.</summary>
internal sealed record HclBlock(string Type, IReadOnlyList<string> Labels, HclBody Body);

/// <summary>An expression that is no literal.</summary>
internal sealed record HclExpression(string Text);
