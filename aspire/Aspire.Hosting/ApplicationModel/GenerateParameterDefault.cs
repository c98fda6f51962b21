using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A random value.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    // Characters that need no escaping in URLs, shells and connection strings, without look-alikes of each other.
    private const string LowerSet = "abcdefghjkmnpqrstuvwxyz";
    private const string UpperSet = "ABCDEFGHJKMNPQRSTUVWXYZ";
    private const string NumericSet = "0123456789";
    private const string SpecialSet = "-_.{}~()*+!";

    /// <summary>The least number of characters. Default: 22.</summary>
    public int MinLength { get; set; } = 22;

    /// <summary>Whether it has lower-case letters. Default: true.</summary>
    public bool Lower { get; set; } = true;

    /// <summary>Whether it has upper-case letters. Default: true.</summary>
    public bool Upper { get; set; } = true;

    /// <summary>Whether it has digits. Default: true.</summary>
    public bool Numeric { get; set; } = true;

    /// <summary>Whether it has punctuation. Default: true.</summary>
    public bool Special { get; set; } = true;

    /// <summary>The least number of lower-case letters.</summary>
    public int MinLower { get; set; }

    /// <summary>The least number of upper-case letters.</summary>
    public int MinUpper { get; set; }

    /// <summary>The least number of digits.</summary>
    public int MinNumeric { get; set; }

    /// <summary>The least number of punctuation characters.</summary>
    public int MinSpecial { get; set; }

    /// <inheritdoc/>
    public override string GetDefaultValue()
    {
        (string Set, bool Used, int Least)[] sets =
        [
            (LowerSet, Lower, MinLower), (UpperSet, Upper, MinUpper), (NumericSet, Numeric, MinNumeric), (SpecialSet, Special, MinSpecial),
        ];

        var alphabet = string.Concat(sets.Where(s => s.Used).Select(s => s.Set));
        if (alphabet.Length == 0)
        {
            throw new InvalidOperationException("A generated value needs at least one kind of characters: Lower, Upper, Numeric or Special.");
        }

        var characters = sets.Where(s => s.Used).SelectMany(s => RandomNumberGenerator.GetItems<char>(s.Set, s.Least)).ToList();
        characters.AddRange(RandomNumberGenerator.GetItems<char>(alphabet, Math.Max(0, MinLength - characters.Count)));
        var result = characters.ToArray();
        RandomNumberGenerator.Shuffle(result.AsSpan());
        return new(result);
    }
}
