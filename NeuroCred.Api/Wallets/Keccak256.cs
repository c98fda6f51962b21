using System.Buffers.Binary;
using System.Numerics;

namespace NeuroCred.Api.Wallets;

/// <summary>
/// Keccak-256 as it was submitted (The Keccak reference, version 3.0) and as Ethereum uses it. SHA3-256, which the framework has, pads its
/// input differently (FIPS 202, 6.1), so that all hashes differ.
/// </summary>
internal static class Keccak256
{
    /// <summary>The hash's length in bytes.</summary>
    public const int Length = 32;

    // Bytes that are taken in before each permutation: the state's 200, less twice the hash's length.
    private const int Rate = 200 - (2 * Length);

    private static readonly ulong[] s_roundConstants =
    [
        0x0000000000000001,
        0x0000000000008082,
        0x800000000000808A,
        0x8000000080008000,
        0x000000000000808B,
        0x0000000080000001,
        0x8000000080008081,
        0x8000000000008009,
        0x000000000000008A,
        0x0000000000000088,
        0x0000000080008009,
        0x000000008000000A,
        0x000000008000808B,
        0x800000000000008B,
        0x8000000000008089,
        0x8000000000008003,
        0x8000000000008002,
        0x8000000000000080,
        0x000000000000800A,
        0x800000008000000A,
        0x8000000080008081,
        0x8000000000008080,
        0x0000000080000001,
        0x8000000080008008,
    ];

    // Rho and pi together: the lanes in the order in which each takes the place of the next, and by how many bits each is rotated.
    private static ReadOnlySpan<byte> Lanes => [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];

    private static ReadOnlySpan<byte> Rotations =>
        [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44];

    /// <summary>Computes the hash of <paramref name="data"/>.</summary>
    /// <param name="data">What to hash, of any length.</param>
    /// <param name="hash">Where to write it: <see cref="Length"/> bytes.</param>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> hash)
    {
        Span<ulong> state = stackalloc ulong[25];
        state.Clear();
        for (; data.Length >= Rate; data = data[Rate..])
        {
            Absorb(state, data[..Rate]);
        }

        Span<byte> last = stackalloc byte[Rate];
        last.Clear();
        data.CopyTo(last);
        last[data.Length] = 0x01; // where SHA-3 has 0x06
        last[^1] |= 0x80;
        Absorb(state, last);

        for (var i = 0; i < Length / sizeof(ulong); i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(hash[(i * sizeof(ulong))..], state[i]);
        }
    }

    private static void Absorb(Span<ulong> state, ReadOnlySpan<byte> block)
    {
        for (var i = 0; i < Rate / sizeof(ulong); i++)
        {
            state[i] ^= BinaryPrimitives.ReadUInt64LittleEndian(block[(i * sizeof(ulong))..]);
        }

        foreach (var constant in s_roundConstants)
        {
            Theta(state);
            RhoAndPi(state);
            Chi(state);
            state[0] ^= constant; // iota
        }
    }

    private static void Theta(Span<ulong> state)
    {
        var (a, b, c, d, e) = (Column(state, 0), Column(state, 1), Column(state, 2), Column(state, 3), Column(state, 4));
        var (toA, toB, toC) = (e ^ BitOperations.RotateLeft(b, 1), a ^ BitOperations.RotateLeft(c, 1), b ^ BitOperations.RotateLeft(d, 1));
        var (toD, toE) = (c ^ BitOperations.RotateLeft(e, 1), d ^ BitOperations.RotateLeft(a, 1));
        for (var y = 0; y < 25; y += 5)
        {
            var row = state.Slice(y, 5);
            row[0] ^= toA;
            row[1] ^= toB;
            row[2] ^= toC;
            row[3] ^= toD;
            row[4] ^= toE;
        }
    }

    private static ulong Column(Span<ulong> state, int x) => state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];

    private static void RhoAndPi(Span<ulong> state)
    {
        var moving = state[1];
        for (var i = 0; i < Lanes.Length; i++)
        {
            ref var lane = ref state[Lanes[i]];
            (moving, lane) = (lane, BitOperations.RotateLeft(moving, Rotations[i]));
        }
    }

    private static void Chi(Span<ulong> state)
    {
        for (var y = 0; y < 25; y += 5)
        {
            var row = state.Slice(y, 5);
            var (first, second) = (row[0], row[1]);
            row[0] ^= ~row[1] & row[2];
            row[1] ^= ~row[2] & row[3];
            row[2] ^= ~row[3] & row[4];
            row[3] ^= ~row[4] & first;
            row[4] ^= ~first & second;
        }
    }
}
